/// <reference lib="dom" />
import {
  closeCodes,
  ConnectionClosedError,
  resumeLiveSession,
  ServerError,
  startLiveSession,
  type JoinCodeChange,
  type LiveOptions,
  type LiveSession,
  type SavedSession,
  type ServerMessage,
} from '@parley/client';
import { CaptionDelay } from './caption-delay.ts';
import type { SavedTalk } from './saved-talk.ts';
import { Segments, type Transcript } from './segments.ts';
import { TalkCaptions } from './talk-captions.ts';
import { stateAfter, type TalkState } from './talk-state.ts';
import { TargetChanges } from './target-changes.ts';

export interface TalkListener {
  /** The state has changed, or the captions have. */
  readonly onChange: () => void;
  /** Something to keep for a reload has changed. */
  readonly onSave: () => void;
  /** The server refused something, or the session is given up for now. */
  readonly onFailure: (error: Error) => void;
  /** These languages were taken back, because the server does not translate into them. */
  readonly onRefused: (languages: readonly string[]) => void;
  /** The connection is given up, after `onFailure`; the session may go on. */
  readonly onGivenUp: (error: Error) => void;
  readonly onEnded: (end: TalkEnd) => void;
  /** The server had lost the session and has started another one, which has another link. */
  readonly onReplaced: () => void;
}

/** How a session of this page has ended. */
export interface TalkEnd {
  /** What was said and did not arrive. */
  readonly unsent: readonly string[];
  /** Whether the server said that the session has ended. */
  readonly isConfirmed: boolean;
}

export interface TalkConnection {
  readonly url: string;
  /** An access token, if the server needs one. */
  readonly token: string | undefined;
}

/** How long a reloaded page tries to come back, in milliseconds. */
const resumeTimeoutMs = 600_000;

/** One session of this page, from its start to its end, over reloads. */
export class SpeakerTalk {
  readonly captions: TalkCaptions;
  readonly segments: Segments;
  readonly captionDelay = new CaptionDelay();
  readonly #listener: TalkListener;
  readonly #targets: TargetChanges;
  #unsupported: readonly string[] = [];
  #session: LiveSession | undefined;
  #isResuming = false;
  #hasEnded = false;
  #hasUnsentTargets = false;
  #state: TalkState;

  /** @param saved the talk of an earlier page */
  constructor(state: TalkState, listener: TalkListener, saved?: Pick<SavedTalk, 'captions' | 'nextSegmentId'>) {
    this.#state = state;
    this.#listener = listener;
    this.captions = new TalkCaptions(saved?.captions);
    this.captions.store.subscribe(() => listener.onChange());
    this.#targets = new TargetChanges(state.targetLanguages);
    const sink = {
      partial: (transcript: Transcript & { readonly revision: number }) => this.#sendPartial(transcript),
      final: (transcript: Transcript) => void this.#sendFinal(transcript),
    };
    this.segments = new Segments(sink, saved?.nextSegmentId);
  }

  get state(): TalkState {
    return this.#state;
  }

  /** @throws any error of `startLiveSession` */
  async start({ url, token }: TalkConnection): Promise<void> {
    const { sourceLanguage, targetLanguages, room } = this.#state;
    const options = { sourceLanguage, targetLanguages: [...targetLanguages], ...(room === '' ? {} : { room }) };
    this.#session = await startLiveSession({ ...this.#options(url), apiKey: token, ...options });
    this.#opened();
  }

  /**
   * Goes on with a session of an earlier page.
   *
   * @returns whether the server knows it; it may have ended, though
   * @throws any other error of `resumeLiveSession`
   */
  async resume({ url, token }: TalkConnection, session: SavedSession): Promise<boolean> {
    this.#change({ phase: 'reconnecting' });
    this.#isResuming = true;
    const options = { ...this.#options(url), apiKey: token, saved: session };
    try {
      this.#session = await resumeLiveSession(options, { timeoutMs: resumeTimeoutMs });
    } catch (error) {
      if (!isOver(error)) {
        this.#change({ phase: 'lost' });
        throw error;
      }
      this.#change({ phase: 'ended' });
      return false;
    } finally {
      this.#isResuming = false;
    }
    this.#opened();
    // It was closed before it was at hand.
    if (this.#state.phase === 'ended') this.#reportEnd();
    return true;
  }

  /** Whether something can be said; during a loss of the connection it is sent afterwards. */
  get isOpen(): boolean {
    return this.#session !== undefined;
  }

  saved(draft: string): SavedTalk | undefined {
    const session = this.#session?.saved();
    if (session === undefined) return undefined;
    const isOver = this.#state.phase === 'ended';
    return {
      version: 2,
      ...(isOver ? {} : { session }),
      state: this.#state,
      nextSegmentId: this.segments.nextId,
      captions: this.captions.kept,
      draft,
    };
  }

  setTargets(languages: readonly string[]): void {
    const id = this.#changeable?.update({ targetLanguages: [...languages] });
    if (id !== undefined) this.#targets.request(id, languages);
    // Chosen while a reloaded page comes back to its session.
    this.#hasUnsentTargets = this.#session === undefined;
    this.#change({ targetLanguages: languages });
  }

  setPaused(paused: boolean): void {
    this.#changeable?.update({ paused });
  }

  /** A new code, nobody else, or everybody with the code again. */
  async changeJoinCode(change: JoinCodeChange): Promise<void> {
    try {
      await this.#session?.updateJoinCode(change);
    } catch (error) {
      this.#listener.onFailure(error as Error);
    }
  }

  /** Ends the session; its last translations still arrive. Gives up if the server cannot be reached for a minute. */
  async end(): Promise<void> {
    this.#change({ phase: this.#state.phase === 'reconnecting' ? 'ending-unreachable' : 'ending' });
    await this.#session?.end().catch(() => this.#session?.close());
  }

  /** Forgets the connection and leaves the session as it is; the server ends it after a while. */
  async close(): Promise<void> {
    await this.#session?.close();
  }

  /** The session, unless it is over or about to be: then its options can't be changed. */
  get #changeable(): LiveSession | undefined {
    return ['ending', 'ended', 'lost'].includes(this.#state.phase) ? undefined : this.#session;
  }

  #options(url: string): Pick<LiveOptions, 'on' | 'onMessage'> & { urls: [string] } {
    return {
      urls: [url],
      onMessage: (message) => this.#handleMessage(message),
      on: {
        connected: () => this.#change({ phase: this.#isEnding ? 'ending' : 'live' }),
        reconnecting: () => this.#change({ phase: this.#isEnding ? 'ending-unreachable' : 'reconnecting' }),
        ended: () => (this.#hasEnded = true),
        sent: (message) => {
          this.captionDelay.sent(message, performance.now());
          if (message.type !== 'transcript.partial' && message.type !== 'ping') this.#listener.onSave();
        },
        error: (error) => this.#handleError(error),
        closed: (error) => this.#handleClosed(error),
      },
    };
  }

  get #isEnding(): boolean {
    return this.#state.phase === 'ending' || this.#state.phase === 'ending-unreachable';
  }

  #opened(): void {
    if (this.#hasUnsentTargets) this.setTargets(this.#state.targetLanguages);
    this.#takeBack(this.#unsupported);
    this.#listener.onSave();
  }

  #handleMessage(message: ServerMessage): void {
    const before = this.#state;
    this.#state = stateAfter(before, message);
    this.captionDelay.received(message, performance.now());
    this.captions.add(message);
    if (message.type === 'session.started') this.#handleStarted(before, message.unsupportedLanguages ?? []);
    if (message.type === 'translation.failed' && message.code === 'language-unsupported') {
      this.#takeBack([message.targetLanguage]);
    }
    if (this.#state !== before) this.#listener.onChange();
    if (!message.type.endsWith('.partial') && message.type !== 'pong') this.#listener.onSave();
  }

  #handleStarted(before: TalkState, unsupported: readonly string[]): void {
    this.#unsupported = unsupported;
    // The first session is not at hand yet.
    if (before.sessionId === '') return;
    this.#listener.onReplaced();
    this.#takeBack(unsupported);
  }

  /** Takes languages out of a running session; at least one stays. */
  #takeBack(languages: readonly string[]): void {
    const refused = this.#state.targetLanguages.filter((tag) => languages.includes(tag));
    if (refused.length === 0) return;
    const rest = this.#state.targetLanguages.filter((tag) => !languages.includes(tag));
    if (rest.length > 0) this.setTargets(rest);
    this.#listener.onRefused(refused);
  }

  #handleError(error: Error): void {
    // The caller of `resume` hears of it.
    if (this.#isResuming) return;
    const before = error instanceof ServerError ? this.#targets.refuse(error.causedBy) : undefined;
    if (before === undefined) {
      this.#listener.onFailure(error);
      return;
    }
    const refused = this.#state.targetLanguages.filter((tag) => !before.includes(tag));
    this.#change({ targetLanguages: before });
    this.#listener.onRefused(refused);
  }

  #handleClosed(error: Error | undefined): void {
    const wasTaken = error instanceof ConnectionClosedError && error.closeCode === closeCodes.takenOver;
    this.#change({ phase: error === undefined || wasTaken ? 'ended' : 'lost' });
    // `resume` knows better whether the session is over.
    if (this.#isResuming) return;
    if (error === undefined) this.#reportEnd();
    else this.#listener.onGivenUp(error);
    this.#listener.onSave();
  }

  #reportEnd(): void {
    this.#listener.onEnded({
      unsent: unsentTexts(this.#session?.saved()?.finals ?? []),
      isConfirmed: this.#hasEnded,
    });
  }

  #sendPartial({ segmentId, revision, text, language }: Transcript & { readonly revision: number }): void {
    this.#session?.sendPartial({ segmentId, revision, text, ...this.#languageOf(language) });
    this.captions.addPartial({ segmentId, revision, text, language }, this.#state.sourceLanguage);
  }

  async #sendFinal({ segmentId, text, language }: Transcript): Promise<void> {
    this.captions.addFinal({ segmentId, text, language }, this.#state.sourceLanguage);
    try {
      await this.#session?.sendFinal({ segmentId, text, ...this.#languageOf(language) });
    } catch (error) {
      // The server's own refusals come as events, too, and what is late is still sent.
      if (error instanceof ServerError && error.causedBy === undefined) this.#listener.onFailure(error);
    }
  }

  #languageOf(language: string | undefined): { language?: string } {
    return language === undefined || language === this.#state.sourceLanguage ? {} : { language };
  }

  #change(changes: Partial<TalkState>): void {
    this.#state = { ...this.#state, ...changes };
    this.#listener.onChange();
  }
}

/** The texts that the server does not have. A final without a text only removed what was shown. */
export function unsentTexts(finals: SavedSession['finals']): readonly string[] {
  return finals.flatMap(({ isAccepted, transcript: { text } }) => (isAccepted || text === '' ? [] : [text]));
}

/** Whether a session can't be resumed because it is over. */
function isOver(error: unknown): boolean {
  if (error instanceof ConnectionClosedError) return error.closeCode === closeCodes.badResumeToken;
  return error instanceof ServerError && (error.code === 'session-unknown' || error.code === 'resume-token-wrong');
}
