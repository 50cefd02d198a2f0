import { setTimeout as delay } from 'node:timers/promises';
import { describeViolation, type ListenerCheckerOptions } from '@parley/checker';
import { startLiveListener, type LiveListener, type LiveSpeaker } from '../harness/index.ts';
import type { Edges } from '../harness/live-edges.ts';

/** Longer than an edge, a worker or Redis is away. */
const droppedWithinMs = 60_000;
const pollMs = 50;

interface Member {
  readonly host: LiveSpeaker;
  readonly listener: LiveListener;
  readonly targetLanguages: string[];
  readonly judge: ListenerCheckerOptions;
  isConnected: boolean;
}

/** All listeners of a chaos run. */
export class Audience implements AsyncDisposable {
  readonly #edges: Edges;
  readonly #opened = new AsyncDisposableStack();
  readonly #present: Member[] = [];
  readonly #dropped: Member[] = [];
  readonly #problems: string[] = [];

  constructor(edges: Edges) {
    this.#edges = edges;
  }

  /** Those who still listen. */
  get present(): readonly LiveListener[] {
    return this.#present.map(({ listener }) => listener);
  }

  /** A listener joins by the host's join code. */
  async join(host: LiveSpeaker, targetLanguages: string[], judge: ListenerCheckerOptions): Promise<void> {
    const { joinCode } = host.session;
    if (joinCode === undefined) throw new Error('the join code is closed');
    const listener = this.#opened.use(await startLiveListener(this.#edges, { joinCode, targetLanguages }, judge));
    const member: Member = { host, listener, targetLanguages, judge, isConnected: true };
    listener.listening.on('connected', () => (member.isConnected = true));
    listener.listening.on('disconnected', () => (member.isConnected = false));
    listener.listening.on('closed', () => (member.isConnected = false));
    this.#present.push(member);
  }

  /** A listener leaves; it is judged by what it received until then. */
  async leave(listener: LiveListener): Promise<void> {
    const leaving = this.#present.find((member) => member.listener === listener);
    if (leaving !== undefined) this.#drop(leaving);
    await listener.listening.close();
  }

  /** The host changes its join code: its listeners are dropped, and as many join by the new one. */
  async changeCode(host: LiveSpeaker): Promise<void> {
    await host.session.updateJoinCode('change', { timeoutMs: droppedWithinMs });
    const dropped = this.#present.filter((member) => member.host === host);
    for (const member of dropped) this.#drop(member);
    await Promise.all(
      dropped.map(async (member) => {
        const { listener, targetLanguages, judge } = member;
        // One that has lost its connection by itself is refused when it comes back.
        for (let waitedMs = 0; member.isConnected && waitedMs < droppedWithinMs; waitedMs += pollMs)
          await delay(pollMs);
        if (member.isConnected) this.#problems.push('a listener was not dropped when its join code was changed');
        await listener.listening.close();
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

  #drop(member: Member): void {
    this.#present.splice(this.#present.indexOf(member), 1);
    this.#dropped.push(member);
  }
}
