import type { FoundCode, JoinCodes } from '@parley/redis/session';
import type { JoinAttempts } from '../limits/join-attempts.ts';

export interface CodeSearch {
  /** The client's address. */
  readonly address: string;
  readonly codes: Pick<JoinCodes, 'find'>;
  readonly attempts: JoinAttempts;
}

/**
 * Looks up a join code as an attempt of an address, which counts until the code turns out not to be wrong.
 *
 * @returns `undefined` if the code is wrong; `too-many-tries` if it was not looked up, or if it is wrong above the limit
 */
export async function findCounted(
  codeHash: string,
  { address, codes, attempts }: CodeSearch,
): Promise<FoundCode | 'too-many-tries' | undefined> {
  const attempt = attempts.begin(address, codeHash);
  if (attempt === undefined) return 'too-many-tries';
  let isRight: boolean | undefined;
  try {
    const found = await codes.find(codeHash);
    isRight = isRightCode(found);
    if (found !== undefined) return found;
  } finally {
    attempt.settle(isRight);
  }
  return attempt.isBeyondLimit ? 'too-many-tries' : undefined;
}

/** Someone whose room waits has a right code, and someone with a code that was closed or changed is not trying codes. */
function isRightCode(found: FoundCode | undefined): boolean | undefined {
  if (found === undefined) return false;
  return found.status === 'closed' ? undefined : true;
}
