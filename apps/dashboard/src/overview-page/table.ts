import { html, type Html } from './html.ts';

/** A column of numbers or amounts, unlike one of texts. */
interface NumberColumn {
  readonly number: string;
}

/** Returns columns of numbers with these titles. */
export function numbers(...titles: readonly string[]): NumberColumn[] {
  return titles.map((number) => ({ number }));
}

/** A bad value stands out. */
export type Cell = string | number | { readonly value: string | number; readonly isBad: boolean };

interface Table<Row> {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  readonly columns: readonly (string | NumberColumn)[];
  readonly rows: readonly Row[];
  /** One for each column; the first one names the row. */
  readonly cells: (row: Row) => readonly Cell[];
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
      : rows.map((row) => tableRow(columns, cells(row)));
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    <div class="scroll" role="region" aria-labelledby="${id}-title" tabindex="0">
      <table aria-labelledby="${id}-title">
        <thead>
          <tr>
            ${columns.map((column) => html`<th scope="col" class="${classOf(column)}">${titleOf(column)}</th>`)}
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

function tableRow(columns: Table<unknown>['columns'], [first = '', ...others]: readonly Cell[]): Html {
  return html`<tr>
    <th scope="row">${valueOf(first)}</th>
    ${others.map((cell, index) => html`<td class="${classOf(columns[index + 1], cell)}">${valueOf(cell)}</td>`)}
  </tr>`;
}

function titleOf(column: string | NumberColumn): string {
  return typeof column === 'string' ? column : column.number;
}

function valueOf(cell: Cell): string | number {
  return typeof cell === 'object' ? cell.value : cell;
}

function classOf(column: string | NumberColumn = '', cell: Cell = ''): string {
  const classes = [typeof column === 'object' ? 'number' : '', typeof cell === 'object' && cell.isBad ? 'bad' : ''];
  return classes.filter(Boolean).join(' ');
}
