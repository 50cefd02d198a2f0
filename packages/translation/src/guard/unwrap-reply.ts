/** What a reply may be wrapped in, and the marks that must not occur inside. */
const wrappings: readonly { readonly pattern: RegExp; readonly notInside: RegExp }[] = [
  { pattern: /^```[a-z]*\s([^]*)```$/, notInside: /```/ },
  { pattern: /^`([^]*)`$/, notInside: /`/ },
  { pattern: /^"([^]*)"$/, notInside: /"/ },
  { pattern: /^[“„]([^]*)[”“]$/, notInside: /[“”„]/ },
  { pattern: /^«([^]*)»$/, notInside: /[«»]/ },
  { pattern: /^»([^]*)«$/, notInside: /[«»]/ },
  { pattern: /^'([^]*)'$/, notInside: /(?<!\p{L})'|'(?!\p{L})/u },
  { pattern: /^[‘‚]([^]*)[’‘]$/, notInside: /[‘‚]/ },
  { pattern: /^「([^]*)」$/, notInside: /[「」]/ },
  { pattern: /^『([^]*)』$/, notInside: /[『』]/ },
];

const quotationMark = /["“”„«»‘‚「」『』`]|^'/u;

/** Whether the beginning of a reply starts with a mark that may be removed at its end, see `unwrapReply`. */
export function mayBeWrapped(text: string, beginning: string): boolean {
  return !quotationMark.test(text) && /^\s*["“„«»'‘‚「『`]/u.test(beginning);
}

/**
 * Trims a reply and removes quotation marks or a code fence that the text does not have. Models add them against their
 * instructions, and a retry is not worth its cost.
 */
export function unwrapReply(text: string, reply: string): string {
  const trimmed = reply.trim();
  if (quotationMark.test(text)) return trimmed;
  for (const { pattern, notInside } of wrappings) {
    const inside = pattern.exec(trimmed)?.[1]?.trim() ?? '';
    if (inside !== '' && !notInside.test(inside)) return inside;
  }
  return trimmed;
}
