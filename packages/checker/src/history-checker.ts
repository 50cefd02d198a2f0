import type {
  ClientMessageInput,
  ServerMessage,
  TranslationFailed,
  TranslationFinal,
  TranslationPartial,
} from '@parley/protocol';
import { emptyReport, type HistoryReport } from './history-report.ts';
import type { CorrectionMessage } from './correction-history.ts';
import { checkOrder } from './check-order.ts';
import type { SegmentHistory } from './segment-history.ts';
import { SessionHistory, type Report } from './session-history.ts';
import { hostSessionOf, type HostSession } from './host-session.ts';
import { isTranslationOf, type SourceOf } from './text-match.ts';
import { partialVerdict, resolutionVerdict } from './verdict.ts';

export interface HistoryCheckerOptions {
  /** Reverses the engine's fake translation, to detect a translation of another text. */
  readonly sourceOf?: SourceOf | undefined;
  /** Whether to check partials with `sourceOf` too; requires the session's stability to be `off`. */
  readonly exactPartials?: boolean;
  /** Whether an accepted final must never be reported as missing, because Redis loses no writes. */
  readonly isLossless?: boolean;
}

/**
 * Checks the messages that one client sent and received against the guarantees of the protocol. No I/O; the caller
 * provides the time.
 */
export interface HistoryChecker {
  /** Call when a new connection is opened; optional for the first one. */
  connected(): void;
  /** Call when the connection is lost; its unanswered messages may or may not have arrived. */
  disconnected(): void;
  sent(message: ClientMessageInput, atMs: number): void;
  received(message: ServerMessage, atMs: number): void;
  /**
   * What the client has sent in a session so far, for checking its listeners; `undefined` if the client did not
   * start the session.
   */
  hostSession(sessionId: string): HostSession | undefined;
  /** Call once, when no more messages will arrive; anything missing then is reported as lost. */
  finish(): HistoryReport;
}

/**
 * Creates a checker for the guarantees listed in docs/protocol.md ("A client may rely on this"). Messages must be
 * passed in the order in which the client sent and received them; `atMs` may come from any monotonic clock.
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
    // The client sends the unfinished finals of the old session to the new one.
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
    if (message.type === 'session.resync') session.concluded.restartAll();
    if (message.type === 'transcript.accepted') session.accepted(message.segmentId, atMs);
    if (message.type === 'translation.partial') this.#partial(message, atMs);
    if (message.type === 'translation.final' || message.type === 'translation.failed') this.#resolved(message, atMs);
    if (message.type === 'transcript.corrected' || message.type === 'translation.corrected') this.#corrected(message);
    if (message.type === 'transcript.partial' || message.type === 'transcript.final') {
      this.#violated('unsolicited-transcript', { segmentId: message.segmentId });
    }
    if (message.type === 'session.ended') session.isEnded = true;
    if (message.type === 'error') {
      const { errors } = this.#report.counts;
      errors.set(message.code, (errors.get(message.code) ?? 0) + 1);
      if (message.causedBy !== undefined) session.refused(message.causedBy, message.code === 'temporarily-unavailable');
    }
  }

  hostSession(sessionId: string): HostSession | undefined {
    const session = this.#sessions.get(sessionId);
    return session === undefined ? undefined : hostSessionOf(session);
  }

  finish(): HistoryReport {
    this.#session.finish();
    for (const session of new Set([...this.#sessions.values(), this.#session])) checkOrder(session, this.#violated);
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
    this.#concluded(message, segment);
    if (sent === undefined) return;
    latency.partialMs.push(atMs - sent.atMs);
    const shown = message.concluded + message.tentative;
    const { exactPartials, sourceOf } = this.#options;
    if (exactPartials === true && !isTranslationOf(sent, shown, targetLanguage, sourceOf)) {
      this.#violated('wrong-text', where);
    }
  }

  /** What is concluded may only be extended, except if the server has lost the segment. */
  #concluded(
    { segmentId, targetLanguage, revision, concluded: text }: TranslationPartial,
    segment: SegmentHistory,
  ): void {
    const { concluded } = this.#session;
    if (segment.isMissing || segment.repeats > 0) concluded.exclude(segmentId);
    else if (!concluded.add({ segmentId, targetLanguage }, { text, language: segment.languageOf(revision) })) {
      this.#violated('concluded-changed', { segmentId, targetLanguage, revision });
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
    if (this.#session.corrections.has(segmentId, targetLanguage)) this.#violated('correction-before-final', where);
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
    const isRight = isTranslationOf(final, message.text, targetLanguage, this.#options.sourceOf);
    if (!isRight) this.#violated('wrong-text', where);
  }

  #corrected(message: CorrectionMessage): void {
    const { segmentId, offset } = message;
    const { offsets, corrections } = this.#session;
    const isReplay = offsets.isReplay(offset, corrections.offsets);
    const offsetVerdict = offsets.next(offset);
    if (offsetVerdict !== undefined) this.#violated(offsetVerdict, { segmentId, offset });
    if (!isReplay) corrections.add(message);
  }

  #newSession(): SessionHistory {
    return new SessionHistory(this.#violated, this.#options.isLossless === true);
  }

  readonly #violated: Report = (code, where = {}) => {
    this.#report.violations.push({ code, ...where });
  };
}
