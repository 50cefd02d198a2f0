import { optionalParameters, type Refusable } from './dialect.ts';
import type { ErrorDetail } from './error-body.ts';

/** A part of a request that a server refused and that can be omitted. */
export interface Refusal {
  readonly refused: Refusable;
  /** `false`: only the value was wrong for this request; later requests may include the part. */
  readonly isLasting: boolean;
}

const unknown =
  /unsupported|unavailable|unknown|unrecogni[sz]ed|unexpected|extra|not (?:be )?(?:support|permit|allow|enabl|implement|accept|available|valid for)|only the default|cannot find/i;

/** The value was too large or too small, perhaps for this text only. */
const outOfRange = /\b(?:large|small|least|most|exceeds?|maximum|minimum|range|less|greater)\b/i;

/** Error messages of servers and chat templates for models without a system role. */
const systemRoleRefused = new RegExp(
  [
    String.raw`\b(?:system|developer)[ _-]?(?:role|prompt|message|instruction)s?\b.{0,80}\b(?:not|isn't|aren't|unsupported|disabled)\b`,
    String.raw`(?:\bnot|n't|\bunsupported|\bunknown|\binvalid|\bunexpected)\b.{0,60}\b(?:system|developer)[ _-]?(?:role|prompt|message|instruction)`,
    String.raw`\brole\b.{0,40}['"\x60](?:system|developer)['"\x60].{0,40}\b(?:not|unsupported|unknown|invalid)`,
    String.raw`\b(?:unsupported|unknown|invalid|unexpected)\b.{0,30}\brole\b.{0,20}\b(?:system|developer)\b`,
    String.raw`\brole\b.{0,40}\bnot support\b.{0,10}\b(?:system|developer)\b`,
    String.raw`\broles must alternate\b`,
    String.raw`\bonly user,? (?:and )?(?:assistant|model)(?: and (?:assistant|model))? roles\b`,
    String.raw`\bvalid role:? (?:user|model)\b`,
    String.raw`\bfirst message\b.{0,40}\bmust be\b.{0,20}\buser\b`,
  ].join('|'),
  'is',
);

/** The role of the first message in `param` or `loc`. */
const firstRole = /^messages[.[]+0\W.*role$/;

/** Statuses that may refer to the request. Some servers reply 500 if their chat template or code throws. */
function isAboutRequest(statusCode: number): boolean {
  return [400, 404, 405, 415, 422, 500, 501].includes(statusCode);
}

/** Finds a parameter in a message in any spelling (`max_tokens`, `maxTokens`, `max tokens`), and whether it is quoted. */
function namedAt(
  message: string,
  parameter: string,
): { readonly index: number; readonly isQuoted: boolean } | undefined {
  const spelt = parameter.replaceAll('_', '[_ -]?');
  const found = new RegExp(String.raw`(?<![a-z])(['"\x60]?)${spelt}(?![a-z])`, 'i').exec(message);
  return found === null ? undefined : { index: found.index, isQuoted: found[1] !== '' };
}

/** Splits parameter paths into segments: `stream_options` and `include_usage`. */
function segmentsOf(params: readonly string[]): Set<string> {
  return new Set(params.flatMap((param) => param.split(/[.[\]/$]+/)));
}

/**
 * Finds the part of a request that an error refers to, if it can be omitted. Servers name it in `param` or `loc`, or only in
 * the message, in which case the first one named was refused ("Unsupported parameter: 'max_tokens' ... Use
 * 'max_completion_tokens' instead").
 */
export function refusalIn(
  statusCode: number,
  error: Pick<ErrorDetail, 'message' | 'code' | 'params'>,
  sent: Readonly<Record<string, unknown>> & { readonly messages: readonly { readonly role: string }[] },
): Refusal | undefined {
  if (!isAboutRequest(statusCode)) return undefined;
  const words = `${error.code ?? ''} ${error.message}`;
  const isLasting = unknown.test(words) || (error.params.length > 0 && !outOfRange.test(words));
  const candidates = optionalParameters.filter((name) => name in sent);
  const segments = segmentsOf(error.params);
  const byParam = candidates.find((name) => segments.has(name));
  if (byParam !== undefined) return { refused: byParam, isLasting };
  const isOfRole = systemRoleRefused.test(error.message) || error.params.some((param) => firstRole.test(param));
  if (sent.messages[0]?.role === 'system' && isOfRole) {
    return { refused: 'system_role', isLasting: true };
  }
  const named = candidates
    .flatMap((refused) => {
      const at = namedAt(error.message, refused);
      return at !== undefined && (at.isQuoted || unknown.test(words)) ? [{ refused, index: at.index }] : [];
    })
    .sort((one, other) => one.index - other.index);
  const [first] = named;
  return first && { refused: first.refused, isLasting };
}
