import { PassThrough } from 'node:stream';

const sequence = /\p{Cc}\[([?\d;]*)([A-Za-z])|\n|\P{Cc}+/gu;

/** A terminal that keeps what is drawn on it, as rows of plain text; it never scrolls. */
export class VirtualTerminal {
  readonly #output = new PassThrough();
  readonly #rows: string[] = [''];
  #row = 0;
  #column = 0;
  #columns: number;

  constructor(columns: number) {
    this.#columns = columns;
  }

  /** The stream to draw on. */
  get stream(): NodeJS.WriteStream {
    const terminal = Object.assign(this.#output, { isTTY: true, columns: this.#columns, rows: 24 });
    return terminal as unknown as NodeJS.WriteStream;
  }

  set columns(columns: number) {
    this.#columns = columns;
    Object.assign(this.#output, { columns });
  }

  /** Draws what was written, and returns it unchanged. */
  draw(): string {
    const written = ((this.#output.read() as Buffer | null) ?? '').toString();
    for (const [found, count = '', command = ''] of written.matchAll(sequence)) {
      if (found === '\n') this.#moveTo(this.#row + 1, 0);
      else if (command === '') this.#write(found);
      else this.#control(command, count === '' ? 1 : Number(count), count);
    }
    return written;
  }

  /** The row in which a text is. */
  rowOf(text: string): number {
    return this.#rows.findIndex((row) => row.includes(text));
  }

  #control(command: string, count: number, argument: string): void {
    if (command === 'A') this.#moveTo(this.#row - count, this.#column);
    else if (command === 'B') this.#moveTo(this.#row + count, this.#column);
    else if (command === 'G') this.#moveTo(this.#row, 0);
    else if (command === 'K' && argument === '2') this.#rows[this.#row] = '';
    else if (command === 'K') this.#rows[this.#row] = this.#rowText.slice(0, this.#column);
    else if (!'hlm'.includes(command)) throw new Error(`the terminal does not know CSI ${argument}${command}`);
  }

  get #rowText(): string {
    return this.#rows[this.#row] ?? '';
  }

  #moveTo(row: number, column: number): void {
    this.#row = Math.max(0, row);
    this.#column = column;
    while (this.#rows.length <= this.#row) this.#rows.push('');
  }

  #write(text: string): void {
    const before = this.#rowText.padEnd(this.#column);
    this.#rows[this.#row] = before.slice(0, this.#column) + text + before.slice(this.#column + text.length);
    this.#column += text.length;
  }
}
