/** What an edge buffers for one purpose of one connection. */
export interface BufferAccount {
  /** Sets the number of bytes buffered now. May call the account's `cut`, or that of another one. */
  set(bytes: number): void;
}

interface Entry {
  readonly cut: () => void;
  bytes: number;
  isCut: boolean;
}

/**
 * The bytes that an edge buffers for all of its connections together. Above the limit the largest accounts are cut first, so
 * that a client which buffers little never pays for one that buffers much.
 */
export class BufferBudget {
  readonly #maxBytes: number;
  /** The accounts that have something buffered. */
  readonly #entries = new Set<Entry>();
  #totalBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** @param cut drops what the account has buffered; called at most once, after which the account counts nothing */
  open(cut: () => void): BufferAccount {
    const entry: Entry = { cut, bytes: 0, isCut: false };
    return { set: (bytes) => this.#set(entry, bytes) };
  }

  #set(entry: Entry, bytes: number): void {
    if (entry.isCut) return;
    this.#totalBytes += bytes - entry.bytes;
    entry.bytes = bytes;
    if (bytes === 0) this.#entries.delete(entry);
    else this.#entries.add(entry);
    while (this.#totalBytes > this.#maxBytes) this.#cutLargest();
  }

  #cutLargest(): void {
    let largest: Entry | undefined;
    for (const entry of this.#entries) if (largest === undefined || entry.bytes > largest.bytes) largest = entry;
    if (largest === undefined) return;
    this.#set(largest, 0);
    largest.isCut = true;
    largest.cut();
  }
}
