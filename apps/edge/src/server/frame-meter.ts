/** The longest header of a frame: two bytes, a length of eight, a mask of four. */
const maxHeaderBytes = 14;
const closeOpcode = 0x8;

/**
 * Follows the frame headers of a client's stream (RFC 6455, section 5.2) to know how many bytes of a message have arrived
 * without its end. ws reports a message only when it is complete, and buffers everything until then.
 */
export class FrameMeter {
  readonly #header = Buffer.alloc(maxHeaderBytes);
  #headerBytes = 0;
  /** Bytes of the current frame's payload that have not arrived. */
  #payloadLeft = 0;
  #isInPayload = false;
  /** Whether the current frame ends a message, if it is not a control frame. */
  #isLast = false;
  #isControl = false;
  /** Whether a message has begun and not ended. */
  #isUnfinished = false;
  #unfinishedBytes = 0;

  /** Bytes of the unfinished message that have arrived, with its headers and control frames in between; 0 if there is none. */
  get unfinishedBytes(): number {
    return this.#isUnfinished ? this.#unfinishedBytes : 0;
  }

  /** @returns whether a message ended in the chunk */
  push(chunk: Buffer): boolean {
    let hasEnded = false;
    for (let position = 0; position < chunk.byteLength;) {
      position = this.#isInPayload ? this.#skipPayload(chunk, position) : this.#readHeader(chunk, position);
      if (this.#isInPayload && this.#payloadLeft === 0) hasEnded = this.#endFrame() || hasEnded;
    }
    return hasEnded;
  }

  #skipPayload(chunk: Buffer, position: number): number {
    const skipped = Math.min(this.#payloadLeft, chunk.byteLength - position);
    this.#payloadLeft -= skipped;
    this.#unfinishedBytes += skipped;
    return position + skipped;
  }

  #readHeader(chunk: Buffer, position: number): number {
    const missing = this.#headerLength() - this.#headerBytes;
    const copied = chunk.copy(this.#header, this.#headerBytes, position, position + missing);
    this.#headerBytes += copied;
    if (this.#headerBytes >= 2 && this.#headerBytes === this.#headerLength()) this.#beginFrame();
    return position + copied;
  }

  /** As far as the bytes of the header tell; its first two have its length. */
  #headerLength(): number {
    if (this.#headerBytes < 2) return 2;
    const [, second = 0] = this.#header;
    const length = second & 0x7f;
    return 2 + (length === 127 ? 8 : length === 126 ? 2 : 0) + ((second & 0x80) === 0 ? 0 : 4);
  }

  #beginFrame(): void {
    const [first = 0, second = 0] = this.#header;
    const length = second & 0x7f;
    this.#isControl = (first & 0x0f) >= closeOpcode;
    this.#isLast = (first & 0x80) !== 0;
    this.#isInPayload = true;
    this.#payloadLeft =
      length === 127 ? Number(this.#header.readBigUInt64BE(2)) : length === 126 ? this.#header.readUInt16BE(2) : length;
    if (!this.#isControl && !this.#isUnfinished) {
      this.#isUnfinished = true;
      this.#unfinishedBytes = 0;
    }
    this.#unfinishedBytes += this.#headerBytes;
  }

  #endFrame(): boolean {
    this.#isInPayload = false;
    this.#headerBytes = 0;
    const endsMessage = this.#isLast && !this.#isControl;
    if (endsMessage) this.#isUnfinished = false;
    return endsMessage;
  }
}
