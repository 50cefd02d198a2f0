import type { LanguagePair } from './translators/translator.ts';

/** The body of an error as OpenAI's API sends it. */
export interface ApiErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: 'invalid_request_error' | 'server_error';
    readonly param: string | null;
    readonly code: string | null;
  };
}

/** A request can't be answered; the client gets `status` and `body`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly param: string | null;
  readonly code: string | null;

  constructor(status: number, message: string, details: { param?: string; code?: string } & ErrorOptions = {}) {
    super(message, details);
    this.status = status;
    this.param = details.param ?? null;
    this.code = details.code ?? null;
  }

  get body(): ApiErrorBody {
    const { message, param, code } = this;
    const type = this.status < 500 ? 'invalid_request_error' : 'server_error';
    return { error: { message, type, param, code } };
  }
}

/** The 400 for a pair that the translator lacks; its message names those that exist. */
export function unsupportedPair([source, target]: LanguagePair, known: readonly LanguagePair[]): ApiError {
  const pairs = known.map((pair) => pair.join('>')).join(', ');
  return new ApiError(400, `no translation from ${source} to ${target}; the pairs are ${pairs}`, {
    param: 'messages',
    code: 'language_pair_unsupported',
  });
}
