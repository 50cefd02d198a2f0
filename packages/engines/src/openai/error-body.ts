import { z } from 'zod';

/** What an OpenAI-compatible server says of a request that failed. */
export interface ErrorDetail {
  readonly message: string;
  readonly code: string | undefined;
  readonly type: string | undefined;
  /** The parts of the request that it is about, as the server names them: `temperature`, `stream_options.include_usage`. */
  readonly params: readonly string[];
  /** How long to wait, as a duration of its own (`9s`): https://cloud.google.com/apis/design/errors#error_details */
  readonly retryDelay: string | undefined;
  /** When the limit is new again, as a gateway quotes the header of the same name. */
  readonly rateLimitReset: string | undefined;
}

const word = z
  .union([z.string(), z.number()])
  .nullish()
  .catch(undefined)
  .transform((value) => (value == null || value === '' ? undefined : String(value)));

/** One entry of FastAPI's list of what is wrong with a request: https://fastapi.tiangolo.com/tutorial/handling-errors/ */
const faultSchema = z.object({
  loc: z.array(z.union([z.string(), z.number()])).catch([]),
  msg: z.string().catch(''),
});
/** One entry of Google's `details`: https://cloud.google.com/apis/design/errors#error_details */
const googleDetailSchema = z.object({
  retryDelay: z.string().optional().catch(undefined),
  fieldViolations: z.array(z.object({ field: z.string().catch('') })).catch([]),
});
const metadataSchema = z.object({ headers: z.record(z.string(), word).catch({}), raw: z.string().catch('') });

const detailSchema = z.object({
  message: z.unknown().optional(),
  code: word,
  type: word,
  param: word,
  status: word,
  details: z.array(z.unknown()).catch([]),
  detail: z.unknown().optional(),
  errors: z.unknown().optional(),
  metadata: metadataSchema.catch({ headers: {}, raw: '' }),
});

/** `{ error: { message, type, param, code } }`; some servers send the message alone. */
const errorBodySchema = z.object({ error: z.union([z.looseObject({}), z.string(), z.array(z.unknown()).min(1)]) });

/** More of a text than this is no message. */
const maxMessageCharacters = 4000;
/** Messages that quote the error of a server behind them, which may quote another. */
const maxDepth = 8;

const noDetail: ErrorDetail = {
  message: '',
  code: undefined,
  type: undefined,
  params: [],
  retryDelay: undefined,
  rateLimitReset: undefined,
};

/** Reads the body of an error answer, whatever its form; one that isn't JSON is a message. */
export function readErrorBody(text: string): ErrorDetail {
  return detailOf(jsonOf(text) ?? text, maxDepth);
}

function jsonOf(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function detailOf(value: unknown, depth: number): ErrorDetail {
  if (typeof value === 'string') {
    const quoted = depth > 0 ? jsonOf(value) : undefined;
    return quoted === undefined
      ? { ...noDetail, message: value.slice(0, maxMessageCharacters) }
      : detailOf(quoted, depth - 1);
  }
  if (depth < 0) return noDetail;
  if (Array.isArray(value)) return detailOfList(value, depth);
  const wrapped = errorBodySchema.safeParse(value);
  if (wrapped.success) return detailOf(wrapped.data.error, depth - 1);
  const parsed = detailSchema.safeParse(value);
  return parsed.success ? detailOfObject(parsed.data, depth) : noDetail;
}

/** Google wraps its errors into a list of one; FastAPI lists what is wrong. */
function detailOfList(list: readonly unknown[], depth: number): ErrorDetail {
  const faults = list.flatMap((entry) => {
    const parsed = faultSchema.safeParse(entry);
    return parsed.success && parsed.data.loc.length > 0 ? [parsed.data] : [];
  });
  if (faults.length === 0) {
    const isOfTexts = list.every((entry) => typeof entry === 'string');
    const first = isOfTexts ? list.join('\n') : list[0];
    return list.length === 0 ? noDetail : detailOf(first, depth - 1);
  }
  const params = faults.map(({ loc }) => loc.filter((part) => part !== 'body').join('.'));
  return { ...noDetail, message: faults.map(({ msg }) => msg).join('\n'), params };
}

/** A list of what is wrong, or an object with the texts for each name (RFC 9457, as ASP.NET extends it): then a list too. */
function faultsOf(errors: unknown): unknown {
  if (typeof errors !== 'object' || errors === null || Array.isArray(errors)) return errors;
  return Object.entries(errors).map(([name, told]) => ({ loc: [name], msg: [told].flat().join(' ') }));
}

function detailOfObject(given: z.output<typeof detailSchema>, depth: number): ErrorDetail {
  const { code, type, param, status, metadata } = given;
  const google = given.details.flatMap((entry) => googleDetailSchema.safeParse(entry).data ?? []);
  const quoted = [given.message, given.detail, faultsOf(given.errors), metadata.raw].map((part) =>
    detailOf(part ?? '', depth - 1),
  );
  const reset = Object.entries(metadata.headers).find(([name]) => name.toLowerCase() === 'x-ratelimit-reset')?.[1];
  const params = [
    ...(param === undefined ? [] : [param]),
    ...google.flatMap(({ fieldViolations }) => fieldViolations.map(({ field }) => field)),
    ...quoted.flatMap((one) => one.params),
  ];
  const first = (name: 'code' | 'type' | 'retryDelay' | 'rateLimitReset'): string | undefined =>
    quoted.map((one) => one[name]).find((told) => told !== undefined);
  return {
    message: quoted
      .map(({ message }) => message)
      .filter((message) => message !== '')
      .join('\n')
      .slice(0, maxMessageCharacters),
    code: code ?? status ?? first('code'),
    type: type ?? first('type'),
    params: params.filter((name) => name !== ''),
    retryDelay: google.map(({ retryDelay }) => retryDelay).find((told) => told !== undefined) ?? first('retryDelay'),
    rateLimitReset: reset ?? first('rateLimitReset'),
  };
}
