/** Frames up to this length are parsed to find their `id`. */
const maxParsedChars = 4096;

/** Reads the `id` of a frame that is not handled, for its error; `undefined` if there is none, or not where it is searched. */
export function messageId(frame: string): string | undefined {
  if (frame.length > maxParsedChars) return idAtEnds(frame.slice(0, searchedBytes), frame.slice(-searchedBytes));
  try {
    const { id } = JSON.parse(frame) as { id?: unknown };
    return typeof id === 'string' && id.length <= 200 ? id : undefined;
  } catch {
    return undefined; // Not JSON, or not an object.
  }
}

/** An ID has at most 200 characters of at most four bytes; the rest is for a short field next to it. */
const searchedBytes = 1000;

const idField = String.raw`"id"\s*:\s*(?:"([^"\\]{1,200})"|(\d{1,15}))`;
const atBeginning = new RegExp(String.raw`^\s*\{\s*(?:"type"\s*:\s*"[^"\\]*"\s*,\s*)?${idField}\s*[,}]`);
const atEnd = new RegExp(String.raw`,\s*${idField}\s*\}\s*$`);

/**
 * Reads the `id` of a frame that is too large to parse, if it is at the start (optionally after `type`) or at the
 * end. Only these two places are searched, so the cost doesn't depend on the frame's size.
 */
export function idOfLargeFrame(frame: Buffer): string | undefined {
  const { byteLength } = frame;
  return idAtEnds(
    frame.toString('utf8', 0, searchedBytes),
    frame.toString('utf8', Math.max(0, byteLength - searchedBytes)),
  );
}

function idAtEnds(beginning: string, end: string): string | undefined {
  const found = atBeginning.exec(beginning) ?? atEnd.exec(end);
  return found?.[1] ?? found?.[2];
}
