import { graphemeWidths } from '@parley/subtitles';

/** Returns how many rows of a terminal a line of text without control characters takes. */
export function terminalRows(text: string, columns: number): number {
  let [rows, column] = [1, 0];
  for (const { width } of graphemeWidths(text)) {
    if (column + width > columns) [rows, column] = [rows + 1, 0];
    column += width;
  }
  return rows;
}
