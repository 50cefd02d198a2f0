import { describeViolation, type ListenerCheckerOptions } from '@parley/checker';
import { startLiveListener, type LiveListener, type LiveSpeaker, type TestStack } from '../harness/index.ts';

/** Longer than an edge, a worker or Redis is away. */
const droppedWithinMs = 60_000;

interface Member {
  readonly host: LiveSpeaker;
  readonly listener: LiveListener;
  readonly targetLanguages: string[];
  readonly judge: ListenerCheckerOptions;
  /** Resolves when its connection is given up. */
  readonly closed: Promise<unknown>;
}

/** All listeners of a chaos run. */
export class Audience implements AsyncDisposable {
  readonly #stack: TestStack;
  readonly #opened = new AsyncDisposableStack();
  readonly #present: Member[] = [];
  readonly #dropped: Member[] = [];
  readonly #problems: string[] = [];

  constructor(stack: TestStack) {
    this.#stack = stack;
  }

  /** Those who still listen. */
  get present(): readonly LiveListener[] {
    return this.#present.map(({ listener }) => listener);
  }

  /** A listener joins by the host's join code. */
  async join(host: LiveSpeaker, targetLanguages: string[], judge: ListenerCheckerOptions): Promise<void> {
    const { joinCode } = host.session;
    if (joinCode === undefined) throw new Error('the join code is closed');
    const listener = this.#opened.use(await startLiveListener(this.#stack, { joinCode, targetLanguages }, judge));
    const closed = new Promise((resolve) => listener.listening.on('closed', resolve));
    this.#present.push({ host, listener, targetLanguages, judge, closed });
  }

  /** The host changes its join code: its listeners are dropped, and as many join by the new one. */
  async changeCode(host: LiveSpeaker): Promise<void> {
    await host.session.updateJoinCode('change', { timeoutMs: droppedWithinMs });
    const dropped = this.#present.filter((member) => member.host === host);
    for (const member of dropped) {
      this.#present.splice(this.#present.indexOf(member), 1);
      this.#dropped.push(member);
    }
    await Promise.all(
      dropped.map(async ({ listener, closed, targetLanguages, judge }) => {
        const late = Promise.withResolvers<'late'>();
        const timer = setTimeout(() => late.resolve('late'), droppedWithinMs);
        if ((await Promise.race([closed, late.promise])) === 'late') {
          const { lastError } = listener.listening;
          this.#problems.push(`a listener was not dropped when its join code was changed: ${String(lastError)}`);
        }
        clearTimeout(timer);
        await this.join(host, targetLanguages, judge);
      }),
    );
  }

  /** Waits for the ends of all sessions, and judges what everyone received. One line for each violation. */
  async judge(): Promise<string[]> {
    await Promise.all(
      this.present.map((listener) => listener.waitForMessage(({ type }) => type === 'session.ended', 60_000)),
    );
    const broken = [...this.#present, ...this.#dropped].flatMap(({ listener, host }, number) =>
      listener.judge(host).map((violation) => `listener ${number}: ${describeViolation(violation)}`),
    );
    return [...this.#problems, ...broken];
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#opened.disposeAsync();
  }
}
