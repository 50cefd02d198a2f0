/**
 * Text to and from Apertium's stream format, as `apertium-destxt` and `apertium-retxt` do it: reserved characters are
 * escaped with a backslash; white space other than a single space, and tildes, which the last step of a pipeline would
 * swallow even when escaped, go through untouched in brackets (a superblank); `.[]` ends the sentence at the end of the
 * text, and is taken out again. Done here, it saves apertium-apy two processes for every request, most of its time.
 */

const reservedOrKept = /[\^$<>{}[\]@\\/]|(?:[^\S ]|~)[\s~]*| [\s~]+/g;
const sentenceEnd = '.[]';
const endBlankOrEscaped = /\.\[\]|\[((?:[^\]\\]|\\.)*)\]|\\(.)/gs;

/** The pipelines frame requests with NUL, and apertium-apy turns these characters into spaces anyway. */
// eslint-disable-next-line no-control-regex
const control = /[\x00-\x08\x0e-\x1f]/g;

/** A text without surrounding white space as one request to a pipeline. */
export function toStream(text: string): string {
  const escaped = text
    .replace(control, ' ')
    .replace(reservedOrKept, (match) => (/^[\s~]/.test(match) ? `[${match}]` : `\\${match}`));
  return `${escaped}${sentenceEnd}`;
}

/** The text of a pipeline's answer. */
export function fromStream(stream: string): string {
  return stream.replace(
    endBlankOrEscaped,
    (_match, blank: string | undefined, escaped: string | undefined) => escaped ?? blank ?? '',
  );
}
