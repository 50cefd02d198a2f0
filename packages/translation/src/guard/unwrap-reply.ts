/** What a reply may be wrapped in, with the marks that then can't stand inside. */
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

/**
 * The reply without white space around it, and without quotation marks or a code fence where the text has none: models
 * add them whatever they are told, and such a reply isn't worth a second call.
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
