/** A line of a file. */
export interface FileLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/** Divides a text into blocks of lines that are separated by blank lines. All usual line ends are known. */
export function blocksOf(text: string): FileLine[][] {
  const blocks: FileLine[][] = [];
  let block: FileLine[] = [];
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (line.trim() !== '') block.push({ number: index + 1, text: line.replaceAll('\0', '\ufffd') });
    else if (block.length > 0) {
      blocks.push(block);
      block = [];
    }
  }
  if (block.length > 0) blocks.push(block);
  return blocks;
}
