/** The `id` of a frame that is not handled, so that its error can name it; `undefined` where none can be read. */
export function messageId(frame: string): string | undefined {
  try {
    const { id } = JSON.parse(frame) as { id?: unknown };
    return typeof id === 'string' && id.length <= 200 ? id : undefined;
  } catch {
    return undefined; // No JSON, or none that has fields.
  }
}

/** An id has at most 200 characters, of at most four bytes each; the rest is for the other small field beside it. */
const searchedBytes = 1000;

const idField = String.raw`"id"\s*:\s*(?:"([^"\\]{1,200})"|(\d{1,15}))`;
const atBeginning = new RegExp(String.raw`^\s*\{\s*(?:"type"\s*:\s*"[^"\\]*"\s*,\s*)?${idField}\s*[,}]`);
const atEnd = new RegExp(String.raw`,\s*${idField}\s*\}\s*$`);

/**
 * The `id` of a message in a frame that is too large to be parsed, where it stands at the beginning, next to `type` at most,
 * or at the end. Only these two places are read, so it costs the same for a frame of any length.
 */
export function idOfLargeFrame(frame: Buffer): string | undefined {
  const found =
    atBeginning.exec(frame.toString('utf8', 0, searchedBytes)) ??
    atEnd.exec(frame.toString('utf8', Math.max(0, frame.byteLength - searchedBytes)));
  return found?.[1] ?? found?.[2];
}
