import { styleText } from 'node:util';
import { createLogUpdate } from 'log-update';
import type { CaptionLine, OpenCaption, ShownCaptions } from './captions.ts';
import { withoutZeroSize } from './terminal-size.ts';
import { terminalRows } from './terminal-rows.ts';

const defaultColumns = 80;

/**
 * Draws captions in place on a terminal: completed segments scroll up, open ones are redrawn below them. Concluded text is
 * drawn as usual, tentative text dimmed. While a segment is open, its lines keep the rows that they once took, so that the
 * lines below stay where they are.
 */
export class CaptionScreen {
  readonly #stream: NodeJS.WriteStream;
  readonly #update: ReturnType<typeof createLogUpdate>;
  /** The rows of each line of the open segments. */
  #rows = new Map<number, readonly number[]>();
  #columns = defaultColumns;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    this.#update = createLogUpdate(withoutZeroSize(stream));
  }

  /** Prints a line above the captions. */
  note(text: string): void {
    this.#update.persist(text);
  }

  draw(captions: ShownCaptions): void {
    for (const lines of captions.removeCompleted()) this.#update.persist(this.#paint(lines, []));
    const open = captions.openSegments();
    this.#rows = this.#rowsOf(open);
    this.#update(open.map(({ segmentId, lines }) => this.#paint(lines, this.#rows.get(segmentId) ?? [])).join('\n'));
  }

  close(): void {
    this.#update.done();
  }

  /** Never fewer than before, unless the width of the terminal has changed. */
  #rowsOf(open: readonly OpenCaption[]): Map<number, readonly number[]> {
    const columns = this.#stream.columns || defaultColumns;
    const before = columns === this.#columns ? this.#rows : new Map<number, readonly number[]>();
    this.#columns = columns;
    return new Map(
      open.map(({ segmentId, lines }) => [
        segmentId,
        lines.map((line, index) => Math.max(before.get(segmentId)?.[index] ?? 1, this.#rowsNeeded(line))),
      ]),
    );
  }

  #rowsNeeded({ language, concluded, tentative }: CaptionLine): number {
    return terminalRows(`${labelOf(language)} ${concluded}${tentative}`, this.#columns);
  }

  /** @param rows the rows of each line; a line that needs fewer is followed by empty ones */
  #paint(lines: readonly CaptionLine[], rows: readonly number[]): string {
    const painted = lines.map((line, index) => {
      const { language, concluded, tentative } = line;
      const label = styleText('cyan', labelOf(language), { stream: this.#stream });
      const dimmed = tentative === '' ? '' : styleText('dim', tentative, { stream: this.#stream });
      const spareRows = Math.max(0, (rows[index] ?? 1) - this.#rowsNeeded(line));
      return `${label} ${concluded}${dimmed}${'\n'.repeat(spareRows)}`;
    });
    return `${painted.join('\n')}\n`;
  }
}

function labelOf(language: string): string {
  return language.padEnd(5);
}
