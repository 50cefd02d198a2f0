import { addAbortSignal, type Readable } from 'node:stream';
import { CommandFailure } from './exit-code.ts';

/** More than any server accepts as one text. Characters beyond it are counted but not kept. */
const maxKeptChars = 1024 * 1024;

/** One line of an input, without its line end. */
export interface InputLine {
  /** Starts at 1. */
  readonly number: number;
  readonly text: string;
  /** Length of the whole line in characters; longer than `text` if the line was truncated. */
  readonly length: number;
}

/**
 * Yields the lines of UTF-8 text as they arrive. `\n` and `\r\n` end a line; the last line needs no end. Keeps at most one
 * line and one chunk in memory.
 *
 * @throws the reason of the signal, or CommandFailure if the input can't be read
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
