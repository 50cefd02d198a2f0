import { z } from 'zod';

/** Details of an error response of an OpenAI-compatible server. */
export interface ErrorDetail {
  readonly message: string;
  readonly code: string | undefined;
  readonly type: string | undefined;
  /** The parts of the request that it refers to, as the server names them: `temperature`, `stream_options.include_usage`. */
  readonly params: readonly string[];
  /** Requested delay as a duration (`9s`): https://cloud.google.com/apis/design/errors#error_details */
  readonly retryDelay: string | undefined;
  /** An `x-ratelimit-reset` header quoted by a gateway. */
  readonly rateLimitReset: string | undefined;
}

const word = z
  .union([z.string(), z.number()])
  .nullish()
  .catch(undefined)
  .transform((value) => (value == null || value === '' ? undefined : String(value)));

/** An entry of FastAPI's list of validation errors: https://fastapi.tiangolo.com/tutorial/handling-errors/ */
const faultSchema = z.object({
  loc: z.array(z.union([z.string(), z.number()])).catch([]),
  msg: z.string().catch(''),
});
/** An entry of Google's `details`: https://cloud.google.com/apis/design/errors#error_details */
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

/** `{ error: { message, type, param, code } }`; some servers send only the message. */
const errorBodySchema = z.object({ error: z.union([z.looseObject({}), z.string(), z.array(z.unknown()).min(1)]) });

/** Longer texts are cut off. */
const maxMessageCharacters = 4000;
/** Maximum nesting of errors quoted in the messages of gateways. */
const maxDepth = 8;

const noDetail: ErrorDetail = {
  message: '',
  code: undefined,
  type: undefined,
  params: [],
  retryDelay: undefined,
  rateLimitReset: undefined,
};

/** Reads the body of an error response in any format; text that is not JSON is the message. */
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

/** Google wraps an error in a list of one; FastAPI sends a list of validation errors. */
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

/** Converts an object with messages by field name (RFC 9457, as extended by ASP.NET) to a list like FastAPI's. */
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
