/**
 * A careful implementation in the memory of one process: the newest revision of each segment is
 * translated, with at most two concurrent calls, and shown revisions never decrease. Its state is lost when it exits.
 */
import type { TranscriptFinal, TranscriptPartial } from '@parley/protocol';
import { servePeer, type PeerSession } from './peer-server.ts';
import type { Said, Speaker } from './speaker.ts';

const maxCallsInFlight = 2;

/** One segment in one target language until its final. */
class Caption {
  readonly #speaker: Speaker;
  readonly #target: string;
  #newest: Said<TranscriptPartial> | undefined;
  #callsInFlight = 0;
  #askedRevision = -1;
  #shownRevision = -1;

  constructor(speaker: Speaker, target: string) {
    this.#speaker = speaker;
    this.#target = target;
  }

  /** Replaces a revision that waits for a call. */
  offer(said: Said<TranscriptPartial>): void {
    const { revision } = said.transcript;
    if (revision <= Math.max(this.#askedRevision, this.#newest?.transcript.revision ?? -1)) return;
    this.#newest = said;
    this.#askForNewest();
  }

  /** Called when the final arrives; no further calls for partials are made. */
  stopAsking(): void {
    this.#askedRevision = Infinity;
    this.#newest = undefined;
  }

  /** Called when the final's translation arrives; nothing more is shown. */
  stopShowing(): void {
    this.#shownRevision = Infinity;
  }

  #askForNewest(): void {
    if (this.#newest === undefined || this.#callsInFlight >= maxCallsInFlight) return;
    const said = this.#newest;
    this.#newest = undefined;
    this.#askedRevision = said.transcript.revision;
    this.#callsInFlight += 1;
    void this.#translate(said).finally(() => {
      this.#callsInFlight -= 1;
      this.#askForNewest();
    });
  }

  async #translate(said: Said<TranscriptPartial>): Promise<void> {
    const { text, revision } = said.transcript;
    const translated = await this.#speaker.translate(text, this.#target).catch(() => undefined);
    // After a failure, the next revision will arrive soon.
    if (translated === undefined || revision <= this.#shownRevision) return;
    this.#shownRevision = revision;
    this.#speaker.showPartial(said, this.#target, translated);
  }
}

class CarefulSession implements PeerSession {
  readonly #speaker: Speaker;
  /** Open segments by target. */
  readonly #captions = new Map<number, Map<string, Caption>>();
  readonly #settled = new Set<number>();
  /** The last final in the order of acceptance, by target. */
  readonly #lastFinals = new Map<string, Promise<void>>();

  constructor(speaker: Speaker) {
    this.#speaker = speaker;
  }

  partial(said: Said<TranscriptPartial>): void {
    const { segmentId } = said.transcript;
    if (this.#settled.has(segmentId)) return;
    for (const caption of this.#captionsOf(segmentId).values()) caption.offer(said);
  }

  final(said: Said<TranscriptFinal>): void {
    const { segmentId } = said.transcript;
    if (this.#settled.has(segmentId)) return;
    this.#settled.add(segmentId);
    for (const [target, caption] of this.#captionsOf(segmentId)) {
      caption.stopAsking();
      const before = this.#lastFinals.get(target);
      this.#lastFinals.set(target, this.#translateFinal(said, target, caption, before));
    }
    this.#captions.delete(segmentId);
  }

  finalsDone(): Promise<unknown> {
    return Promise.all(this.#lastFinals.values());
  }

  async #translateFinal(
    said: Said<TranscriptFinal>,
    target: string,
    caption: Caption,
    before: Promise<void> | undefined,
  ): Promise<void> {
    const translated = await this.#speaker.translate(said.transcript.text, target).catch(() => undefined);
    await before;
    caption.stopShowing();
    if (translated === undefined) this.#speaker.showFailure(said, target);
    else this.#speaker.showFinal(said, target, translated);
  }

  #captionsOf(segmentId: number): Map<string, Caption> {
    let captions = this.#captions.get(segmentId);
    if (captions === undefined) {
      captions = new Map(this.#speaker.targets.map((target) => [target, new Caption(this.#speaker, target)]));
      this.#captions.set(segmentId, captions);
    }
    return captions;
  }
}

await servePeer((speaker) => new CarefulSession(speaker));
