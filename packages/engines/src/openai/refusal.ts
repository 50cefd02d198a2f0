import { optionalParameters, type Refusable } from './dialect.ts';
import type { ErrorDetail } from './error-body.ts';

/** Something that a server refused, and that a request can do without. */
export interface Refusal {
  readonly refused: Refusable;
  /** `false`: only its value was wrong, for this request; the next one may hold it. */
  readonly isLasting: boolean;
}

const unknown =
  /unsupported|unavailable|unknown|unrecogni[sz]ed|unexpected|extra|not (?:be )?(?:support|permit|allow|enabl|implement|accept|available|valid for)|only the default|cannot find/i;

/** A value that was too large or too small, perhaps for this text alone. */
const outOfRange = /\b(?:large|small|least|most|exceeds?|maximum|minimum|range|less|greater)\b/i;

/** Words of servers and of chat templates for a model that takes no instructions of their own. */
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

/** The role of the first message, as `param` or `loc` names it. */
const firstRole = /^messages[.[]+0\W.*role$/;

/** Statuses that tell what is wrong with a request. Some servers answer 500 where their chat template or code throws. */
function tellsOfRequest(statusCode: number): boolean {
  return [400, 404, 405, 415, 422, 500, 501].includes(statusCode);
}

/** Where a message names a parameter, however it is spelt (`max_tokens`, `maxTokens`, `max tokens`), and whether in quotes. */
function namedAt(
  message: string,
  parameter: string,
): { readonly index: number; readonly isQuoted: boolean } | undefined {
  const spelt = parameter.replaceAll('_', '[_ -]?');
  const found = new RegExp(String.raw`(?<![a-z])(['"\x60]?)${spelt}(?![a-z])`, 'i').exec(message);
  return found === null ? undefined : { index: found.index, isQuoted: found[1] !== '' };
}

/** The parts of the ways that lead to what is wrong: `stream_options` and `include_usage`. */
function segmentsOf(params: readonly string[]): Set<string> {
  return new Set(params.flatMap((param) => param.split(/[.[\]/$]+/)));
}

/**
 * What an error is about, if that is something which `sent` holds and can do without. Servers name it in `param` or `loc`,
 * others only in the message, where the first one named is the one refused ("Unsupported parameter: 'max_tokens' ... Use
 * 'max_completion_tokens' instead").
 */
export function refusalIn(
  statusCode: number,
  error: Pick<ErrorDetail, 'message' | 'code' | 'params'>,
  sent: Readonly<Record<string, unknown>> & { readonly messages: readonly { readonly role: string }[] },
): Refusal | undefined {
  if (!tellsOfRequest(statusCode)) return undefined;
  const words = `${error.code ?? ''} ${error.message}`;
  const isLasting = unknown.test(words) || (error.params.length > 0 && !outOfRange.test(words));
  const candidates = optionalParameters.filter((name) => name in sent);
  const told = segmentsOf(error.params);
  const byParam = candidates.find((name) => told.has(name));
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
