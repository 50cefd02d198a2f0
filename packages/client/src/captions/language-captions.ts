import type { CaptionLine } from './caption-line.ts';

/** The lines of one language, each list in the order of the segments. Immutable. */
export interface LanguageCaptions {
  /** Lines that change only if they are corrected: final texts, and failures. */
  readonly settled: readonly CaptionLine[];
  /** Lines of segments that are still spoken or translated. */
  readonly open: readonly CaptionLine[];
}

export const noCaptions: LanguageCaptions = { settled: [], open: [] };

/** The number of open lines, like the segments that the server keeps open for a session. */
const maxOpenLines = 32;

/** The captions with this line in its place; above the maximum number of settled lines the oldest are left out. Pure. */
export function withLine({ settled, open }: LanguageCaptions, line: CaptionLine, maxSettled: number): LanguageCaptions {
  const { segmentId, state, concluded, tentative } = line;
  const others = open.filter((other) => other.segmentId !== segmentId);
  // The server clears a segment with an empty final; an open line may have nothing to show yet.
  const isShown = state === 'failed' || concluded + tentative !== '';
  if (state === 'open') return { settled, open: isShown ? inserted(others, line).slice(-maxOpenLines) : others };
  const kept = line.correctedAt === undefined ? settled : settled.filter((other) => other.segmentId !== segmentId);
  return { settled: isShown ? inserted(kept, line).slice(-maxSettled) : kept, open: others };
}

export function findLine({ settled, open }: LanguageCaptions, segmentId: number): CaptionLine | undefined {
  const isIt = (line: CaptionLine): boolean => line.segmentId === segmentId;
  return open.find(isIt) ?? settled.findLast(isIt);
}

function inserted(lines: readonly CaptionLine[], line: CaptionLine): CaptionLine[] {
  const after = lines.findLastIndex(({ segmentId }) => segmentId < line.segmentId);
  return [...lines.slice(0, after + 1), line, ...lines.slice(after + 1)];
}
