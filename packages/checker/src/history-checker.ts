import type {
  ClientMessageInput,
  ServerMessage,
  TranslationFailed,
  TranslationFinal,
  TranslationPartial,
} from '@parley/protocol';
import type { HistoryCounts, HistoryReport, LatencySamples } from './history-report.ts';
import { SegmentHistory } from './segment-history.ts';
import { canonical, SessionSettings } from './session-settings.ts';
import { canTranslate, type SourceOf } from './text-judge.ts';
import { partialVerdict, resolutionVerdict } from './verdict.ts';
import type { Violation, ViolationCode } from './violation.ts';

export interface HistoryCheckerOptions {
  /** Undoes the engine's stand-in, so that a translation of somebody else's text is found. */
  readonly sourceOf?: SourceOf | undefined;
  /** Whether partials are judged by `sourceOf` too; only where the session's stability is `off`. */
  readonly exactPartials?: boolean;
}

/** Judges what one client sent and received against the promises of the protocol. No I/O; the caller's clock. */
export interface HistoryChecker {
  sent(message: ClientMessageInput, atMs: number): void;
  received(message: ServerMessage, atMs: number): void;
  /** To be called once, when nothing more will come: what is missing now is lost. */
  finish(): HistoryReport;
}

/**
 * The promises are those of docs/protocol.md ("Rules a client may rely on"). Messages must be told in the order in which
 * the client sent and received them; `atMs` may come from any clock that doesn't go back.
 */
export function createHistoryChecker(options: HistoryCheckerOptions = {}): HistoryChecker {
  return new Checker(options);
}

class Checker implements HistoryChecker {
  readonly #options: HistoryCheckerOptions;
  readonly #settings = new SessionSettings();
  readonly #segments = new Map<number, SegmentHistory>();
  readonly #acceptance = new Map<number, number>();
  readonly #resolutions: (TranslationFinal | TranslationFailed)[] = [];
  readonly #violations: Violation[] = [];
  readonly #latency: LatencySamples = { partialMs: [], caughtUpMs: [], finalMs: [] };
  readonly #counts: HistoryCounts = {
    partialsSent: 0,
    partialsShown: 0,
    finalsSent: 0,
    finalsTranslated: 0,
    finalsFailed: 0,
    errors: new Map(),
  };
  #offset = -1;
  #ended = false;

  constructor(options: HistoryCheckerOptions) {
    this.#options = options;
  }

  sent(message: ClientMessageInput, atMs: number): void {
    if (message.type === 'session.start' || message.type === 'session.update') this.#settings.sent(message);
    if (message.type !== 'transcript.partial' && message.type !== 'transcript.final') return;
    const { id, segmentId, text } = message;
    const settings = this.#settings.current;
    const language = message.language === undefined ? settings.sourceLanguage : canonical(message.language);
    let segment = this.#segments.get(segmentId);
    if (segment === undefined) this.#segments.set(segmentId, (segment = new SegmentHistory()));
    if (message.type === 'transcript.final') {
      this.#counts.finalsSent += 1;
      segment.finals.push({ id, text, language, atMs, settings, state: 'sent' });
    } else {
      this.#counts.partialsSent += 1;
      if (!segment.revisions.has(message.revision)) segment.revisions.set(message.revision, { text, language, atMs });
    }
  }

  received(message: ServerMessage, atMs: number): void {
    if (this.#ended && message.type !== 'pong' && message.type !== 'error') this.#violated('message-after-end');
    if (message.type === 'session.started') this.#offset = message.offset;
    if (message.type === 'transcript.accepted') this.#accepted(message.segmentId);
    if (message.type === 'translation.partial') this.#partial(message, atMs);
    if (message.type === 'translation.final' || message.type === 'translation.failed') this.#resolved(message, atMs);
    if (message.type === 'session.ended') this.#ended = true;
    if (message.type === 'error') {
      this.#counts.errors.set(message.code, (this.#counts.errors.get(message.code) ?? 0) + 1);
      if (message.causedBy !== undefined) this.#refused(message.causedBy);
    }
  }

  finish(): HistoryReport {
    for (const [segmentId, segment] of this.#segments) {
      const { final } = segment;
      if (final === undefined || final.state === 'refused') continue;
      const missing = [...final.settings.targets].filter((target) => segment.targets.get(target)?.resolved !== true);
      if (!segment.isAccepted) this.#violated('final-not-accepted', { segmentId });
      else for (const targetLanguage of missing) this.#violated('final-lost', { segmentId, targetLanguage });
    }
    this.#judgeOrder();
    return { violations: this.#violations, latency: this.#latency, counts: this.#counts };
  }

  #accepted(segmentId: number): void {
    const final = this.#segments.get(segmentId)?.finals.find(({ state }) => state === 'sent');
    if (final === undefined) {
      this.#violated('accepted-never-sent', { segmentId });
      return;
    }
    final.state = 'accepted';
    if (!this.#acceptance.has(segmentId)) this.#acceptance.set(segmentId, this.#acceptance.size);
  }

  #refused(id: string): void {
    this.#settings.refused(id);
    for (const { finals } of this.#segments.values()) {
      for (const final of finals) if (final.id === id && final.state === 'sent') final.state = 'refused';
    }
  }

  #partial(message: TranslationPartial, atMs: number): void {
    const { segmentId, targetLanguage, revision } = message;
    const where = { segmentId, targetLanguage, revision };
    this.#counts.partialsShown += 1;
    const segment = this.#segments.get(segmentId);
    const verdict = partialVerdict(message, segment, this.#settings);
    if (verdict !== undefined) this.#violated(verdict, where);
    if (verdict !== undefined || segment === undefined) return;
    const target = segment.target(targetLanguage);
    for (const passed of segment.caughtUpBy(revision, target.shownRevision)) {
      this.#latency.caughtUpMs.push(atMs - passed.atMs);
    }
    target.shownRevision = revision;
    const sent = segment.revisions.get(revision);
    if (sent === undefined) return;
    this.#latency.partialMs.push(atMs - sent.atMs);
    const shown = message.concluded + message.tentative;
    const { exactPartials, sourceOf } = this.#options;
    if (exactPartials === true && !canTranslate(sent, shown, targetLanguage, sourceOf)) {
      this.#violated('wrong-text', where);
    }
  }

  #resolved(message: TranslationFinal | TranslationFailed, atMs: number): void {
    const { segmentId, targetLanguage, offset } = message;
    const where = { segmentId, targetLanguage, offset };
    this.#counts[message.type === 'translation.final' ? 'finalsTranslated' : 'finalsFailed'] += 1;
    if (offset === this.#offset) this.#violated('offset-repeated', where);
    if (offset < this.#offset) this.#violated('offset-went-back', where);
    this.#offset = Math.max(this.#offset, offset);
    const segment = this.#segments.get(segmentId);
    const final = segment?.final;
    const verdict = resolutionVerdict(message, segment);
    if (verdict !== undefined) this.#violated(verdict, where);
    if (verdict !== undefined || segment === undefined || final === undefined) return;
    segment.target(targetLanguage).resolved = true;
    this.#resolutions.push(message);
    if (message.type === 'translation.failed') return;
    this.#latency.finalMs.push(atMs - final.atMs);
    const isRight = canTranslate(final, message.text, targetLanguage, this.#options.sourceOf);
    if (!isRight) this.#violated('wrong-text', where);
  }

  /** The order can only be judged at the end: a translation may overtake the `transcript.accepted` of its own segment. */
  #judgeOrder(): void {
    const highest = new Map<string, number>();
    for (const { segmentId, targetLanguage, offset } of this.#resolutions) {
      const place = this.#acceptance.get(segmentId);
      if (place === undefined || this.#segments.get(segmentId)?.final?.settings.ordered !== true) continue;
      const before = highest.get(targetLanguage) ?? -1;
      if (place < before) this.#violated('final-disordered', { segmentId, targetLanguage, offset });
      highest.set(targetLanguage, Math.max(before, place));
    }
  }

  #violated(code: ViolationCode, where: Omit<Violation, 'code'> = {}): void {
    this.#violations.push({ code, ...where });
  }
}
