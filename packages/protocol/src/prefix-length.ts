/** Clamps the length of a prefix, in UTF-16 code units, so that it doesn't exceed the text or cut a surrogate pair. */
export function prefixLength(text: string, length: number): number {
  const clamped = Math.min(Math.max(0, Math.trunc(length)), text.length);
  const cutsPair = (text.codePointAt(clamped - 1) ?? 0) > 0xffff;
  return cutsPair ? clamped - 1 : clamped;
}
