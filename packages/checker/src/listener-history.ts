import type {
  ClientMessageInput,
  ServerMessage,
  SessionJoined,
  SourceFinal,
  SourcePartial,
  TranslationFailed,
  TranslationFinal,
  TranslationPartial,
} from '@parley/protocol';
import { ConcludedTexts } from './concluded-texts.ts';
import { CorrectionHistory, transcriptKey, type CorrectionMessage } from './correction-history.ts';
import type { HistoryCheckerOptions } from './history-checker.ts';
import { LogOffsets } from './log-offsets.ts';
import { newTarget, type SentText, type TargetHistory } from './segment-history.ts';
import { canonical } from './session-settings.ts';
import type { HostSegment, HostSession } from './host-session.ts';
import { isTranslationOf } from './text-match.ts';
import { revisionVerdict } from './verdict.ts';
import type { Violation, ViolationCode } from './violation.ts';

export type ListenerCheckerOptions = Pick<HistoryCheckerOptions, 'sourceOf' | 'exactPartials'>;

type Join = Extract<ClientMessageInput, { type: 'session.join' }>;
type PartialMessage = SourcePartial | TranslationPartial;
type ResultMessage = SourceFinal | TranslationFinal | TranslationFailed;

/** The key of the transcript itself, alongside target languages. */
export const transcript = transcriptKey;

/** The period of one connection, in milliseconds of the caller's clock. */
interface ConnectionPeriod {
  readonly fromMs: number;
  untilMs: number;
}

/** What one listener sent and received over all its connections; checked as messages are added. */
export class ListenerHistory {
  readonly violations: Violation[] = [];
  readonly languages = new Set<string>();
  readonly connections: ConnectionPeriod[] = [];
  /** The first join: its requested offset and the head of the log at that time. */
  firstJoin: { readonly askedOffset: number | undefined; readonly head: number; readonly atMs: number } | undefined;
  /** Earlier segments may be lost because the log did not go back far enough. */
  unrecoveredUntilMs = -Infinity;
  lastOffset = -1;
  readonly concluded = new ConcludedTexts();
  readonly corrections = new CorrectionHistory();
  isEnded = false;
  readonly #options: ListenerCheckerOptions;
  readonly #host: HostSession;
  readonly #offsets = new LogOffsets();
  readonly #targets = new Map<string, TargetHistory>();
  #joins: Join[] = [];
  #isOpen = false;
  #opening = 0;

  constructor(options: ListenerCheckerOptions, host: HostSession) {
    this.#options = options;
    this.#host = host;
  }

  isResolved(segmentId: number, key: string): boolean {
    return this.#target(segmentId, key).resolvedAt.length > 0;
  }

  joinSent(join: Join): void {
    this.#joins.push(join);
  }

  disconnected(atMs: number): void {
    this.#joins = [];
    this.#isOpen = false;
    const connection = this.connections.at(-1);
    if (connection?.untilMs === Infinity) connection.untilMs = atMs;
  }

  received(message: ServerMessage, atMs: number): void {
    if (this.isEnded && message.type !== 'pong' && message.type !== 'error') this.#violated('message-after-end');
    if (message.type === 'session.ended') this.isEnded = true;
    if (message.type === 'session.joined') this.#joined(message, atMs);
    if (message.type === 'session.resync') this.concluded.restartAll();
    if (message.type === 'transcript.partial' || message.type === 'translation.partial') this.#partial(message);
    if (message.type === 'transcript.final') this.#result(message);
    if (message.type === 'translation.final' || message.type === 'translation.failed') this.#result(message);
    if (message.type === 'transcript.corrected' || message.type === 'translation.corrected') this.#corrected(message);
  }

  /** Corrections of the host that should have arrived here and did not, or that differ. */
  comparedCorrections(): Violation[] {
    return this.corrections.compare(this.#host.corrections, (offset, key) => {
      const { firstJoin, unrecoveredUntilMs, lastOffset, isEnded } = this;
      if (firstJoin === undefined || unrecoveredUntilMs > -Infinity) return false;
      const isAsked = this.languages.has(key === transcriptKey ? this.#host.sourceLanguage : key);
      return isAsked && offset > (firstJoin.askedOffset ?? firstJoin.head) && (isEnded || offset <= lastOffset);
    });
  }

  #joined({ offset: head, recovered, targetLanguages }: SessionJoined, atMs: number): void {
    const join = this.#joins.shift();
    if (join === undefined) {
      this.#violated('unsolicited-resume');
      return;
    }
    // The offered languages may differ from the requested ones: `es` for `es-MX`.
    for (const language of targetLanguages ?? join.targetLanguages) this.languages.add(canonical(language));
    this.#opening += 1;
    // Without an offset, the newest finals are sent, even if they were sent before.
    this.#offsets.resumeFrom(join.offset ?? 0, this.#isOpen && join.offset !== undefined);
    this.firstJoin ??= { askedOffset: join.offset, head, atMs };
    if (!recovered) this.unrecoveredUntilMs = atMs;
    if (!this.#isOpen) this.connections.push({ fromMs: atMs, untilMs: Infinity });
    this.#isOpen = true;
  }

  #partial(message: PartialMessage): void {
    const { segmentId, revision } = message;
    const isTranslation = message.type === 'translation.partial';
    const where = { segmentId, revision, ...(isTranslation ? { targetLanguage: message.targetLanguage } : {}) };
    const segment = this.#host.segments.get(segmentId);
    const target = this.#target(segmentId, keyOf(message));
    const sent = segment?.revisions.get(revision);
    let verdict = this.#unasked(message);
    if (sent === undefined && !(isTranslation && isPreview(segment, revision))) verdict ??= 'unknown-revision';
    if ((segment?.final?.repeats ?? 0) === 0) verdict ??= revisionVerdict(revision, target, this.#opening);
    if (verdict === undefined && sent !== undefined && !this.#isRightPartial(message, sent)) verdict = 'wrong-text';
    if (isTranslation && verdict === undefined && !this.#extendsConcluded(message, segment))
      verdict = 'concluded-changed';
    if (verdict !== undefined) this.#violated(verdict, where);
    target.shownRevision = Math.max(target.shownRevision, revision);
    target.shownInOpening = this.#opening;
  }

  #extendsConcluded(message: TranslationPartial, segment: HostSegment | undefined): boolean {
    const { revision, concluded: text } = message;
    if ((segment?.final?.repeats ?? 0) > 0) {
      this.concluded.exclude(message.segmentId);
      return true;
    }
    const language = (segment?.revisions.get(revision) ?? segment?.final)?.language;
    return this.concluded.add(message, { text, language });
  }

  #isRightPartial(message: PartialMessage, sent: SentText): boolean {
    if (message.type === 'transcript.partial') return message.text === sent.text && message.language === sent.language;
    const { exactPartials, sourceOf } = this.#options;
    const { concluded, tentative, targetLanguage } = message;
    return exactPartials !== true || isTranslationOf(sent, concluded + tentative, targetLanguage, sourceOf);
  }

  #result(message: ResultMessage): void {
    const { segmentId, offset } = message;
    const isTranscript = message.type === 'transcript.final';
    const where = { segmentId, offset, ...(isTranscript ? {} : { targetLanguage: message.targetLanguage }) };
    const target = this.#target(segmentId, keyOf(message));
    const isReplay = this.#offsets.isReplay(offset, target.resolvedAt);
    const offsetVerdict = this.#offsets.next(offset);
    if (offsetVerdict !== undefined) this.#violated(offsetVerdict, where);
    this.lastOffset = Math.max(this.lastOffset, offset);
    if (isReplay) return;
    if (this.corrections.has(segmentId, keyOf(message))) this.#violated('correction-before-final', where);
    const final = this.#host.segments.get(segmentId)?.final;
    let verdict = this.#unasked(message);
    if (final === undefined) verdict ??= 'final-never-sent';
    else if (target.resolvedAt.length > final.repeats) verdict ??= 'final-duplicated';
    else if (!this.#isRightResult(message, final)) verdict ??= 'wrong-text';
    if (verdict !== undefined) this.#violated(verdict, where);
    target.resolvedAt.push(offset);
  }

  #corrected(message: CorrectionMessage): void {
    const { segmentId, offset } = message;
    const isReplay = this.#offsets.isReplay(offset, this.corrections.offsets);
    const verdict = this.#offsets.next(offset) ?? this.#unasked(message);
    if (verdict !== undefined) this.#violated(verdict, { segmentId, offset });
    this.lastOffset = Math.max(this.lastOffset, offset);
    if (!isReplay) this.corrections.add(message);
  }

  #isRightResult(message: ResultMessage, final: SentText): boolean {
    if (message.type === 'translation.failed') return true;
    if (message.type === 'transcript.final') return message.text === final.text && message.language === final.language;
    return isTranslationOf(final, message.text, message.targetLanguage, this.#options.sourceOf);
  }

  #unasked(message: PartialMessage | ResultMessage | CorrectionMessage): ViolationCode | undefined {
    if ('targetLanguage' in message) return this.languages.has(message.targetLanguage) ? undefined : 'unknown-target';
    return this.languages.has(this.#host.sourceLanguage) ? undefined : 'unsolicited-transcript';
  }

  #target(segmentId: number, key: string): TargetHistory {
    const place = `${segmentId} ${key}`;
    let target = this.#targets.get(place);
    if (target === undefined) this.#targets.set(place, (target = newTarget()));
    return target;
  }

  #violated(code: ViolationCode, where: Omit<Violation, 'code'> = {}): void {
    this.violations.push({ code, ...where });
  }
}

function keyOf(message: PartialMessage | ResultMessage): string {
  return 'targetLanguage' in message ? message.targetLanguage : transcript;
}

function isPreview(segment: HostSegment | undefined, revision: number): boolean {
  return segment?.final !== undefined && revision > Math.max(-1, ...segment.revisions.keys());
}
