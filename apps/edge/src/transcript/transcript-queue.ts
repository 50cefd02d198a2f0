import { MessageQueue } from '../core/message-queue.ts';

/** How many downloads may wait for others. */
const maxWaiting = 200;

/** More transcripts are requested at once than the edge makes. */
export class TranscriptQueueFullError extends Error {
  override readonly name = 'TranscriptQueueFullError';
}

/** Makes one transcript at a time, so that many downloads take neither memory nor time from live captions. */
export class TranscriptQueue {
  readonly #queue = new MessageQueue({ maxWaitingFrames: maxWaiting, maxWaitingBytes: Infinity }, Promise.resolve());

  /** @throws TranscriptQueueFullError, and any error of `make` */
  run<Made>(make: () => Promise<Made>): Promise<Made> {
    return new Promise((resolve, reject) => {
      const isQueued = this.#queue.add(0, () => make().then(resolve, reject));
      if (!isQueued) reject(new TranscriptQueueFullError(`${maxWaiting} transcripts are already requested`));
    });
  }
}
