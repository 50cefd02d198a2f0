import type { ClientMessageInput, SessionResumed, TranslationFailed, TranslationFinal } from '@parley/protocol';
import { ConcludedTexts } from './concluded-texts.ts';
import { CorrectionHistory } from './correction-history.ts';
import { LogOffsets } from './log-offsets.ts';
import { SegmentHistory, type FinalAttempt } from './segment-history.ts';
import { canonical, SessionSettings } from './session-settings.ts';
import type { Violation, ViolationCode } from './violation.ts';

type TranscriptMessage = Extract<ClientMessageInput, { type: 'transcript.partial' | 'transcript.final' }>;
type Resume = Extract<ClientMessageInput, { type: 'session.resume' }>;

/** Reports a violation. */
export type Report = (code: ViolationCode, where?: Omit<Violation, 'code'>) => void;

/** What one speaker sent and received in one session over all its connections. */
export class SessionHistory {
  readonly settings = new SessionSettings();
  readonly segments = new Map<number, SegmentHistory>();
  readonly offsets = new LogOffsets();
  readonly concluded = new ConcludedTexts();
  readonly corrections = new CorrectionHistory();
  /** Segment IDs in the order of acceptance. */
  readonly acceptance = new Set<number>();
  readonly resolutions: (TranslationFinal | TranslationFailed)[] = [];
  /** How often the session was opened: started or resumed. */
  opening = 0;
  isEnded = false;
  readonly #report: Report;
  readonly #isLossless: boolean;
  readonly #unrecovered = new Set<number>();
  #resumes: Resume[] = [];
  #isOpen = false;

  constructor(report: Report, isLossless: boolean) {
    this.#report = report;
    this.#isLossless = isLossless;
  }

  sent(message: TranscriptMessage, atMs: number): void {
    const { id, segmentId, text } = message;
    const settings = this.settings.current;
    const language = message.language === undefined ? settings.sourceLanguage : canonical(message.language);
    let segment = this.segments.get(segmentId);
    if (segment === undefined) this.segments.set(segmentId, (segment = new SegmentHistory()));
    if (message.type === 'transcript.final') {
      if (segment.isMissing) segment.repeats += 1;
      segment.isMissing = false;
      segment.finals.push({ id, text, language, atMs, settings, state: 'sent' });
    } else if (!segment.revisions.has(message.revision)) {
      segment.revisions.set(message.revision, { text, language, atMs });
    }
  }

  started(offset: number): void {
    this.offsets.startAt(offset);
    this.#isOpen = true;
  }

  resumeSent(message: Resume): void {
    this.#resumes.push(message);
  }

  /** Messages sent on the lost connection may or may not have arrived. */
  disconnected(): void {
    this.#resumes = [];
    this.#isOpen = false;
    this.settings.forgetIds();
    for (const final of this.#finals()) if (final.state === 'sent') final.state = 'lost';
  }

  accepted(segmentId: number, atMs: number): void {
    const final = this.segments.get(segmentId)?.finals.find(({ state }) => state === 'sent');
    if (final === undefined) this.#report('unsolicited-acceptance', { segmentId });
    else this.#accept(segmentId, final, atMs);
  }

  /** @param isUncertain whether the message may have been handled nevertheless: the server could not tell */
  refused(id: string, isUncertain: boolean): void {
    this.settings.refused(id);
    for (const final of this.#finals()) {
      if (final.id === id && final.state === 'sent') final.state = isUncertain ? 'lost' : 'refused';
    }
  }

  resumed({ accepted, missing, recovered }: SessionResumed, atMs: number): void {
    const resume = this.#resumes.shift();
    if (resume === undefined) {
      this.#report('unsolicited-resume');
      return;
    }
    this.opening += 1;
    this.offsets.resumeFrom(resume.offset, this.#isOpen);
    this.#isOpen = true;
    const held = resume.held ?? [];
    const reportedIds = [...accepted, ...missing];
    const unrequested = reportedIds.filter(
      (segmentId, at) => !held.includes(segmentId) || reportedIds.indexOf(segmentId) !== at,
    );
    for (const segmentId of [...unrequested, ...held.filter((segmentId) => !reportedIds.includes(segmentId))]) {
      this.#report('held-final-misreported', { segmentId });
    }
    for (const [segmentId, segment] of this.segments) {
      // Attempts are in sending order, which is also the order of acceptance.
      const lost = segment.finals.find(({ state }) => state === 'lost' || state === 'sent');
      if (accepted.includes(segmentId) && !segment.isAccepted && lost !== undefined)
        this.#accept(segmentId, lost, atMs);
      if (missing.includes(segmentId)) this.#missing(segmentId, segment);
      if (!recovered) this.#unrecovered.add(segmentId);
    }
  }

  /** Reports everything that is still missing. */
  finish(): void {
    for (const [segmentId, segment] of this.segments) {
      if (segment.isUnanswered) this.#report('final-not-accepted', { segmentId });
      if (!segment.isAccepted || this.#unrecovered.has(segmentId)) continue;
      for (const targetLanguage of segment.dueTargets) {
        if ((segment.targets.get(targetLanguage)?.resolvedAt.length ?? 0) === 0) {
          this.#report('final-lost', { segmentId, targetLanguage });
        }
      }
    }
  }

  #accept(segmentId: number, final: FinalAttempt, atMs: number): void {
    final.state = 'accepted';
    final.acceptedAtMs = atMs;
    this.acceptance.add(segmentId);
  }

  #missing(segmentId: number, segment: SegmentHistory): void {
    if (segment.isAccepted && this.#isLossless) this.#report('accepted-then-missing', { segmentId });
    // The server has lost its newest writes, so other segments may have lost their state too.
    if (segment.isAccepted) this.concluded.restartAll();
    segment.isMissing = true;
    for (const final of segment.finals) if (final.state !== 'refused') final.state = 'missing';
  }

  *#finals(): Iterable<FinalAttempt> {
    for (const { finals } of this.segments.values()) yield* finals;
  }
}
