/// <reference lib="dom" />

/** A channel between the tabs of a page; a tab doesn't receive what it sends itself. */
export interface TabChannel {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  close(): void;
}

export interface TabClaimOptions {
  readonly openChannel?: (name: string) => TabChannel;
  /** How long other tabs have to answer, in milliseconds. */
  readonly answerMs?: number;
  /** Decides between tabs that claim at the same time. */
  readonly random?: () => number;
}

interface Notice {
  readonly sessionId: string;
  readonly kind: 'claim' | 'mine';
  readonly rank: number;
}

const channelName = 'parley-speaker';

/**
 * Claims a session for this tab: a duplicated tab has a copy of the stored session, and only one of them may go on
 * with it. (The Web Locks API would do, but pages without https don't have it.)
 *
 * @returns a function that gives the session up; `undefined` if another tab has the session
 */
export async function claimSession(
  sessionId: string,
  options: TabClaimOptions = {},
): Promise<(() => void) | undefined> {
  const { openChannel = (name: string) => new BroadcastChannel(name), answerMs = 300, random = Math.random } = options;
  const channel = openChannel(channelName);
  const rank = random();
  let isHeld = false;
  let isTaken = false;
  channel.addEventListener('message', ({ data }) => {
    const notice = data as Notice;
    if (notice.sessionId !== sessionId) return;
    if (notice.kind === 'mine') isTaken = true;
    else if (isHeld || notice.rank < rank) channel.postMessage({ sessionId, kind: 'mine', rank });
    else isTaken = true;
  });
  channel.postMessage({ sessionId, kind: 'claim', rank } satisfies Notice);
  await new Promise((resolve) => setTimeout(resolve, answerMs));
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- changed by the listener
  if (isTaken) {
    channel.close();
    return undefined;
  }
  isHeld = true;
  return () => channel.close();
}
