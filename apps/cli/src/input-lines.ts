import { addAbortSignal, type Readable } from 'node:stream';
import { CommandFailure } from './exit-code.ts';

/** More than any server takes as one text; what a line has beyond is counted, not kept. */
const maxKeptChars = 1024 * 1024;

/** One line of an input, without its end. */
export interface InputLine {
  /** Counted from 1. */
  readonly number: number;
  readonly text: string;
  /** The characters that the line had: more than `text` has where it was too long to be kept. */
  readonly length: number;
}

/**
 * Reads UTF-8 text line by line as it comes; `\n` and `\r\n` end a line, and the last one needs no end. Whatever the input
 * is, no more than one line and one chunk are held.
 *
 * @throws the reason of the signal, or CommandFailure where the input can't be read
 */
export async function* inputLines(input: Readable, signal: AbortSignal): AsyncGenerator<InputLine> {
  const decoder = new TextDecoder();
  const line = new GrowingLine();
  addAbortSignal(signal, input);
  try {
    for await (const chunk of input as AsyncIterable<Uint8Array>) {
      const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n');
      line.add(first);
      for (const piece of others) {
        yield line.end();
        line.add(piece);
      }
    }
    line.add(decoder.decode());
    if (!line.isEmpty) yield line.end();
  } catch (cause) {
    signal.throwIfAborted();
    throw new CommandFailure(`can't read standard input: ${(cause as Error).message}`, undefined, { cause });
  } finally {
    input.destroy();
  }
}

class GrowingLine {
  #number = 1;
  #pieces: string[] = [];
  #kept = 0;
  #length = 0;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  add(piece: string): void {
    const kept = piece.slice(0, maxKeptChars - this.#kept);
    if (kept !== '') this.#pieces.push(kept);
    this.#kept += kept.length;
    this.#length += piece.length;
  }

  end(): InputLine {
    const text = this.#pieces.join('');
    const hasReturn = text.length === this.#length && text.endsWith('\r');
    const line = hasReturn
      ? { number: this.#number, text: text.slice(0, -1), length: this.#length - 1 }
      : { number: this.#number, text, length: this.#length };
    this.#number += 1;
    this.#pieces = [];
    this.#kept = this.#length = 0;
    return line;
  }
}
