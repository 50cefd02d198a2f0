import type { BucketShape, RoomShape } from './bucket-shape.ts';
import type { SharedAnswer, SharedAsk, SharedRoom } from './shared-room.ts';

type Ask = Omit<SharedAsk, 'isMade'>;

/** The longest that a store may take to say whether there is room. */
const answerWithinMs = 500;
/** Where the bucket was at least so full, a call doesn't wait for the answer. */
const plentifulFill = 0.5;

/** The store of a shared limit as one thread asks it, and what it said last. */
export class AskedStore {
  readonly #room: Pick<SharedRoom, 'take'>;
  readonly #threads: () => number;
  readonly #untold = { requests: 0, tokens: 0 };
  #fill = 0;
  #unused: number | undefined;
  #refusals = 0;

  /** @param given `threads`: how many there are, this one among them */
  constructor({ room, threads }: { readonly room: Pick<SharedRoom, 'take'>; readonly threads: () => number }) {
    this.#room = room;
    this.#threads = threads;
  }

  /** The share of the allowance that was not used lately; `undefined` while nothing was said. */
  get unused(): number | undefined {
    return this.#unused;
  }

  /** The engine has refused a call: nothing is left, whatever the store said, or says to who asked before. */
  ranOut(): void {
    this.#refusals += 1;
    this.#fill = 0;
  }

  /** Whether there is so much room that nobody need be asked first: half a bucket is for such calls, of all threads. */
  hasPlenty({ requests, tokens }: RoomShape, cost: number): boolean {
    if (this.#fill < plentifulFill) return false;
    const part = plentifulFill / Math.max(1, this.#threads());
    const { requests: calls, tokens: counted } = this.#untold;
    const fits = (amount: number, bucket: BucketShape | undefined): boolean =>
      bucket === undefined || amount <= bucket.capacity * part;
    return fits(calls + 1, requests) && fits(counted + cost, tokens);
  }

  /** Asks for room for one call. @returns `undefined` where no answer came in time */
  async ask(ask: Ask): Promise<SharedAnswer | undefined> {
    return await this.#take({ ...ask, isMade: false });
  }

  /** Tells of a call that is made without asking. @returns as `ask` */
  async tell(ask: Ask): Promise<SharedAnswer | undefined> {
    this.#untold.requests += 1;
    this.#untold.tokens += ask.tokens;
    const answer = await this.#take({ ...ask, isMade: true });
    this.#untold.requests -= 1;
    this.#untold.tokens -= ask.tokens;
    return answer;
  }

  async #take(ask: SharedAsk): Promise<SharedAnswer | undefined> {
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), answerWithinMs);
    const refusals = this.#refusals;
    try {
      const answer = await Promise.race([this.#room.take(ask), late]);
      if (answer !== undefined) {
        if (refusals === this.#refusals) this.#fill = answer.fill;
        this.#unused = answer.unused;
      }
      return answer;
    } catch {
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}
