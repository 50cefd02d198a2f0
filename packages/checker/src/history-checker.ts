import type {
  ClientMessageInput,
  ServerMessage,
  TranslationFailed,
  TranslationFinal,
  TranslationPartial,
} from '@parley/protocol';
import { emptyReport, type HistoryReport } from './history-report.ts';
import { judgeOrder } from './order-judge.ts';
import { SessionHistory, type Report } from './session-history.ts';
import { spokenIn, type SpokenSession } from './spoken-session.ts';
import { canTranslate, type SourceOf } from './text-judge.ts';
import { partialVerdict, resolutionVerdict } from './verdict.ts';

export interface HistoryCheckerOptions {
  /** Undoes the engine's stand-in, so that a translation of somebody else's text is found. */
  readonly sourceOf?: SourceOf | undefined;
  /** Whether partials are judged by `sourceOf` too; only where the session's stability is `off`. */
  readonly exactPartials?: boolean;
  /** Whether the server may never call an accepted final missing, because its Redis loses no write. */
  readonly losesNothing?: boolean;
}

/** Judges what one client sent and received against the promises of the protocol. No I/O; the caller's clock. */
export interface HistoryChecker {
  /** What is sent from here on goes over another connection. For the first one this need not be told. */
  connected(): void;
  /** The connection is gone: what it was not answered is open. */
  disconnected(): void;
  sent(message: ClientMessageInput, atMs: number): void;
  received(message: ServerMessage, atMs: number): void;
  /** What was said in a session so far, to judge its listeners by; `undefined` where this client did not start it. */
  spoken(sessionId: string): SpokenSession | undefined;
  /** To be called once, when nothing more will come: what is missing now is lost. */
  finish(): HistoryReport;
}

/**
 * The promises are those of docs/protocol.md ("A client may rely on this"). Messages must be told in the order in which
 * the client sent and received them; `atMs` may come from any clock that doesn't go back.
 */
export function createHistoryChecker(options: HistoryCheckerOptions = {}): HistoryChecker {
  return new Checker(options);
}

class Checker implements HistoryChecker {
  readonly #options: HistoryCheckerOptions;
  readonly #report = emptyReport();
  readonly #sessions = new Map<string, SessionHistory>();
  #session: SessionHistory;

  constructor(options: HistoryCheckerOptions) {
    this.#options = options;
    this.#session = this.#newSession();
  }

  connected(): void {
    if (!this.#session.isEnded) this.#session.disconnected();
  }

  disconnected(): void {
    this.connected();
  }

  sent(message: ClientMessageInput, atMs: number): void {
    // A client that starts again goes on without the old session: whatever that one still owed is sent to the new one.
    if (message.type === 'session.start') this.#session = this.#newSession();
    if (message.type === 'session.start' || message.type === 'session.update') this.#session.settings.sent(message);
    if (message.type === 'session.resume') this.#session.resumeSent(message);
    if (message.type === 'transcript.partial') this.#report.counts.partialsSent += 1;
    if (message.type === 'transcript.final') this.#report.counts.finalsSent += 1;
    if (message.type === 'transcript.partial' || message.type === 'transcript.final') this.#session.sent(message, atMs);
  }

  received(message: ServerMessage, atMs: number): void {
    const session = this.#session;
    if (session.isEnded && message.type !== 'pong' && message.type !== 'error') this.#violated('message-after-end');
    if (message.type === 'session.started') {
      session.started(message.offset);
      this.#sessions.set(message.sessionId, session);
    }
    if (message.type === 'session.resumed') session.resumed(message, atMs);
    if (message.type === 'transcript.accepted') session.accepted(message.segmentId, atMs);
    if (message.type === 'translation.partial') this.#partial(message, atMs);
    if (message.type === 'translation.final' || message.type === 'translation.failed') this.#resolved(message, atMs);
    if (message.type === 'transcript.partial' || message.type === 'transcript.final') {
      this.#violated('transcript-unasked', { segmentId: message.segmentId });
    }
    if (message.type === 'session.ended') session.isEnded = true;
    if (message.type === 'error') {
      const { errors } = this.#report.counts;
      errors.set(message.code, (errors.get(message.code) ?? 0) + 1);
      if (message.causedBy !== undefined) session.refused(message.causedBy);
    }
  }

  spoken(sessionId: string): SpokenSession | undefined {
    const session = this.#sessions.get(sessionId);
    return session === undefined ? undefined : spokenIn(session);
  }

  finish(): HistoryReport {
    this.#session.finish();
    for (const session of new Set([...this.#sessions.values(), this.#session])) judgeOrder(session, this.#violated);
    return this.#report;
  }

  #partial(message: TranslationPartial, atMs: number): void {
    const { segmentId, targetLanguage, revision } = message;
    const where = { segmentId, targetLanguage, revision };
    const { settings, segments, opening } = this.#session;
    const { counts, latency } = this.#report;
    counts.partialsShown += 1;
    const segment = segments.get(segmentId);
    const verdict = partialVerdict(message, segment, settings, opening);
    if (verdict !== undefined) this.#violated(verdict, where);
    if (verdict !== undefined || segment === undefined) return;
    const target = segment.target(targetLanguage);
    for (const passed of segment.caughtUpBy(revision, target.shownRevision)) {
      latency.caughtUpMs.push(atMs - passed.atMs);
    }
    target.shownRevision = revision;
    target.shownInOpening = opening;
    const sent = segment.revisions.get(revision);
    if (sent === undefined) return;
    latency.partialMs.push(atMs - sent.atMs);
    const shown = message.concluded + message.tentative;
    const { exactPartials, sourceOf } = this.#options;
    if (exactPartials === true && !canTranslate(sent, shown, targetLanguage, sourceOf)) {
      this.#violated('wrong-text', where);
    }
  }

  #resolved(message: TranslationFinal | TranslationFailed, atMs: number): void {
    const { segmentId, targetLanguage, offset } = message;
    const where = { segmentId, targetLanguage, offset };
    const { segments, offsets, resolutions } = this.#session;
    const segment = segments.get(segmentId);
    const isReplay = offsets.isReplay(offset, segment?.targets.get(targetLanguage)?.resolvedAt ?? []);
    const offsetVerdict = offsets.next(offset);
    if (offsetVerdict !== undefined) this.#violated(offsetVerdict, where);
    if (isReplay) return;
    this.#report.counts[message.type === 'translation.final' ? 'finalsTranslated' : 'finalsFailed'] += 1;
    const verdict = resolutionVerdict(message, segment);
    if (verdict !== undefined) this.#violated(verdict, where);
    const final = segment?.final;
    if (verdict !== undefined || segment === undefined || final === undefined) return;
    segment.target(targetLanguage).resolvedAt.push(offset);
    resolutions.push(message);
    if (message.type === 'translation.failed') return;
    this.#report.latency.finalMs.push(atMs - final.atMs);
    this.#report.latency.finalAddedMs.push(message.timing.totalMs - message.timing.engineMs);
    const isRight = canTranslate(final, message.text, targetLanguage, this.#options.sourceOf);
    if (!isRight) this.#violated('wrong-text', where);
  }

  #newSession(): SessionHistory {
    return new SessionHistory(this.#violated, this.#options.losesNothing === true);
  }

  readonly #violated: Report = (code, where = {}) => {
    this.#report.violations.push({ code, ...where });
  };
}
