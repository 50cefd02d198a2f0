import type { LanguagePair } from './translators/translator.ts';

/** `requests` and `tokens` are the types of a 429 and name the exceeded limit. */
export type ApiErrorType = 'invalid_request_error' | 'server_error' | 'requests' | 'tokens';

interface ApiErrorDetails extends ErrorOptions {
  /** Default: derived from the status. */
  readonly type?: ApiErrorType;
  readonly param?: string;
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The body of an error as OpenAI's API sends it. */
export interface ApiErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: ApiErrorType;
    readonly param: string | null;
    readonly code: string | null;
  };
}

/** A failed request; the response has its `status`, `headers` and `body`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly type: ApiErrorType;
  readonly headers: Readonly<Record<string, string>>;
  readonly param: string | null;
  readonly code: string | null;

  constructor(status: number, message: string, details: ApiErrorDetails = {}) {
    super(message, details);
    this.status = status;
    this.type = details.type ?? (status < 500 ? 'invalid_request_error' : 'server_error');
    this.headers = details.headers ?? {};
    this.param = details.param ?? null;
    this.code = details.code ?? null;
  }

  get body(): ApiErrorBody {
    const { message, type, param, code } = this;
    return { error: { message, type, param, code } };
  }
}

/** Returns the 400 for an unsupported language pair, with the supported ones in its message. */
export function unsupportedPair([source, target]: LanguagePair, known: readonly LanguagePair[]): ApiError {
  const pairs = known.map((pair) => pair.join('>')).join(', ');
  return new ApiError(400, `no translation from ${source} to ${target}; the pairs are ${pairs}`, {
    param: 'messages',
    code: 'language_pair_unsupported',
  });
}
