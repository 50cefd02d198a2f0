/**
 * Converts text to and from Apertium's stream format, as `apertium-destxt` and `apertium-retxt` do. Reserved characters are
 * escaped with a backslash. White space other than a single space is enclosed in brackets (a superblank), and so are tildes,
 * which the last step of a pipeline drops even if escaped. `.[]` ends the last sentence, and is removed afterwards. Doing
 * this here saves apertium-apy two processes per request, most of its time.
 */

const reservedOrKept = /[\^$<>{}[\]@\\/]|(?:[^\S ]|~)[\s~]*| [\s~]+/g;
const sentenceEnd = '.[]';
const endBlankOrEscaped = /\.\[\]|\[((?:[^\]\\]|\\.)*)\]|\\(.)/gs;

/** Pipelines delimit requests with NUL, and apertium-apy replaces these characters with spaces anyway. */
// eslint-disable-next-line no-control-regex
const control = /[\x00-\x08\x0e-\x1f]/g;

/** Encodes a text without surrounding white space as one request. */
export function toStream(text: string): string {
  const escaped = text
    .replace(control, ' ')
    .replace(reservedOrKept, (match) => (/^[\s~]/.test(match) ? `[${match}]` : `\\${match}`));
  return `${escaped}${sentenceEnd}`;
}

/** Decodes the output of a pipeline. */
export function fromStream(stream: string): string {
  return stream.replace(
    endBlankOrEscaped,
    (_match, blank: string | undefined, escaped: string | undefined) => escaped ?? blank ?? '',
  );
}
