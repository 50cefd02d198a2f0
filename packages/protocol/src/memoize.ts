/** Clients choose the keys, so results are bounded; when there are too many, all are forgotten. */
interface MemoizeLimits {
  readonly maxResults?: number;
  /** The length of all keys together, in UTF-16 code units. */
  readonly maxChars?: number;
}

/** Remembers the results of a function. Parsing a language tag takes 10 µs. */
export function memoize<Result>(
  compute: (key: string) => Result,
  { maxResults = 2000, maxChars = Infinity }: MemoizeLimits = {},
): (key: string) => Result {
  const results = new Map<string, { readonly result: Result }>();
  let chars = 0;
  return (key) => {
    const known = results.get(key);
    if (known !== undefined) return known.result;
    const result = compute(key);
    if (results.size >= maxResults || chars + key.length > maxChars) {
      results.clear();
      chars = 0;
    }
    results.set(key, { result });
    chars += key.length;
    return result;
  };
}
