import { html, type Html } from './html.ts';

export interface Cell {
  readonly content: Html | string | number;
  /** A number, or an amount. */
  readonly isNumber?: boolean;
  readonly isBad?: boolean;
}

interface Table<Row> {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** The first cell names the row. */
  readonly cells: (row: Row) => readonly (Cell | string)[];
  /** Shown instead of rows. */
  readonly none: string;
  /** What is to be said below the table. */
  readonly note?: string | undefined;
}

/** A section with a table. The parts with `data-part` are replaced by the page's script when they change. */
export function tableSection<Row>({ id, title, columns, rows, cells, none, note = '' }: Table<Row>): Html {
  const body =
    rows.length === 0
      ? html`<tr>
          <td class="none" colspan="${columns.length}">${none}</td>
        </tr>`
      : rows.map((row) => tableRow(cells(row)));
  return html`<section aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    <div class="scroll" role="region" aria-labelledby="${id}-title" tabindex="0">
      <table aria-labelledby="${id}-title">
        <thead>
          <tr>
            ${columns.map((column) => html`<th scope="col">${column}</th>`)}
          </tr>
        </thead>
        <tbody data-part="${id}">
          ${body}
        </tbody>
      </table>
    </div>
    <p class="note" data-part="${id}-note">${note}</p>
  </section>`;
}

/** A number with its sign for the reader: bad ones stand out. */
export function number(content: string | number, isBad = false): Cell {
  return { content, isNumber: true, isBad };
}

function tableRow([first = '', ...others]: readonly (Cell | string)[]): Html {
  return html`<tr>
    <th scope="row">${contentOf(first)}</th>
    ${others.map((cell) => html`<td class="${classOf(cell)}">${contentOf(cell)}</td>`)}
  </tr>`;
}

function contentOf(cell: Cell | string): Html | string | number {
  return typeof cell === 'string' ? cell : cell.content;
}

function classOf(cell: Cell | string): string {
  if (typeof cell === 'string') return '';
  return [cell.isNumber === true ? 'number' : '', cell.isBad === true ? 'bad' : ''].filter(Boolean).join(' ');
}
