import { setTimeout as sleep } from 'node:timers/promises';
import { describeViolation, sourceOfMarked } from '@parley/checker';
import { startLiveListener, startLiveSpeaker, type LiveListener, type LiveSpeaker } from '../../harness/index.ts';

const targetLanguages = ['es', 'ca'];
const partialEveryMs = 250;
const partialsPerFinal = 6;
const cutEveryMs = 3000;
/** A final that takes longer counts as failed. */
const endTimeoutMs = 20_000;
const words = 'we had a look at the figures of the first quarter and they are better than we thought'.split(' ');

interface QuietTenantOptions {
  readonly url: string;
  readonly apiKey: string;
  readonly sessions: number;
  readonly signal: AbortSignal;
}

/** What a few honest sessions experienced. */
export interface QuietFigures {
  /** From sending each final to each of its translations. */
  readonly finalMs: readonly number[];
  /** Partials shown, of those sent times their targets. */
  readonly shownShare: number;
  /** Finals refused, failed or lost, and whatever else must not happen: one line each. */
  readonly failures: readonly string[];
}

/** The honest sessions of a tenant, each with a speaker and a listener, whose histories are checked. */
export class QuietTenant implements AsyncDisposable {
  readonly #options: QuietTenantOptions;
  readonly #opened = new AsyncDisposableStack();
  readonly #speakers: LiveSpeaker[] = [];
  readonly #listeners: { readonly listener: LiveListener; readonly host: LiveSpeaker }[] = [];

  static async start(options: QuietTenantOptions): Promise<QuietTenant> {
    const tenant = new QuietTenant(options);
    try {
      for (let count = 0; count < options.sessions; count++) await tenant.#open();
    } catch (error) {
      await tenant[Symbol.asyncDispose]();
      throw error;
    }
    return tenant;
  }

  private constructor(options: QuietTenantOptions) {
    this.#options = options;
  }

  /** The session that listeners attack. */
  get attacked(): { readonly joinCode: string; readonly sessionId: string } {
    const [first] = this.#speakers;
    if (first === undefined) throw new Error('there is no session');
    return first.session.started;
  }

  /** Speaks for a time, ends all sessions, and tells what they experienced. Works once. */
  async speak(ms: number, { cutsSpeakers = false } = {}): Promise<QuietFigures> {
    const stop = AbortSignal.any([AbortSignal.timeout(ms), this.#options.signal]);
    const failures: string[] = [];
    const speaking = this.#speakers.map((speaker, index) => speakUntil(stop, speaker, index, failures));
    if (cutsSpeakers) speaking.push(this.#cutSpeakers(stop));
    await Promise.all(speaking);
    this.#options.signal.throwIfAborted();
    const reports = await Promise.all(this.#speakers.map((speaker) => reportOf(speaker, failures)));
    const heard = this.#listeners.map(async ({ listener, host }) => {
      await listener
        .waitForMessage(({ type }) => type === 'session.ended', endTimeoutMs)
        .catch((error: unknown) => {
          failures.push(`a listener did not hear the end: ${String(error)}`);
        });
      return listener.judge(host);
    });
    const violations = [...reports.flatMap((report) => report.violations), ...(await Promise.all(heard)).flat()];
    const sum = (of: (report: (typeof reports)[number]) => number): number =>
      reports.reduce((total, report) => total + of(report), 0);
    const failed = sum(({ counts }) => counts.finalsFailed);
    return {
      finalMs: reports.flatMap(({ latency }) => latency.finalMs),
      shownShare:
        sum(({ counts }) => counts.partialsShown) / sum(({ counts }) => counts.partialsSent) / targetLanguages.length,
      failures: [...failures, ...violations.map(describeViolation), ...Array<string>(failed).fill('a final failed')],
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#opened.disposeAsync();
  }

  async #open(): Promise<void> {
    const { url, apiKey, signal } = this.#options;
    const judge = { sourceOf: sourceOfMarked };
    const options = { sourceLanguage: 'en', targetLanguages, apiKey, signal };
    const host = this.#opened.use(await startLiveSpeaker([url], options, judge));
    this.#speakers.push(host);
    const { joinCode } = host.session.started;
    const listener = await startLiveListener([url], { joinCode, targetLanguages: ['es'], signal }, judge);
    this.#listeners.push({ listener: this.#opened.use(listener), host });
  }

  async #cutSpeakers(stop: AbortSignal): Promise<void> {
    for (let index = 0; await pause(cutEveryMs, stop); index++) {
      this.#speakers[index % this.#speakers.length]?.socket.cut();
    }
  }
}

async function reportOf(speaker: LiveSpeaker, failures: string[]) {
  try {
    return await speaker.end(endTimeoutMs);
  } catch (error) {
    failures.push(`a session did not end: ${String(error)}`);
    return speaker.checker.finish();
  }
}

/** Partials of a growing sentence, then its final, again and again. */
async function speakUntil(
  stop: AbortSignal,
  { session }: LiveSpeaker,
  index: number,
  failures: string[],
): Promise<void> {
  const accepted: Promise<void>[] = [];
  // Not all at the same moment.
  await pause((index * partialEveryMs) / 3, stop);
  for (let segmentId = 0; !stop.aborted; segmentId++) {
    let text = `Speaker ${index} in ${segmentId}:`;
    for (let revision = 0; revision < partialsPerFinal; revision++) {
      text += ` ${words.slice(2 * revision, 2 * revision + 2).join(' ')}`;
      session.sendPartial({ segmentId, revision, text });
      if (!(await pause(partialEveryMs, stop))) break;
    }
    const final = session.sendFinal({ segmentId, text: `${text}.` }, { timeoutMs: endTimeoutMs });
    accepted.push(final.catch((error: unknown) => void failures.push(`a final was not accepted: ${String(error)}`)));
  }
  await Promise.all(accepted);
}

/** Returns false if it was cut short. */
async function pause(ms: number, stop: AbortSignal): Promise<boolean> {
  return sleep(ms, true, { signal: stop }).catch(() => false);
}
