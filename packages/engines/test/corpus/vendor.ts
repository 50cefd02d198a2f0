import type { EngineUsage } from '@parley/translation';

/** What an answer that is no translation has to become. */
export type ErrorClass = 'rejected' | 'unavailable' | 'rate-limited' | 'bad-reply';

/** An answer to a request that failed, in the form that the vendor documents; the words in it are ours. */
export interface ErrorAnswer {
  readonly name: string;
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string as it is. */
  readonly body: unknown;
  readonly becomes: ErrorClass;
  /** How long the vendor asks to wait, in milliseconds, where headers or body say so. */
  readonly retryAfterMs?: number;
  /** The parameter that the vendor doesn't take, where that is what the answer says: the call succeeds without it. */
  readonly refusedParameter?: string;
}

/** A reply with the status 200, in a form that is documented or was seen; the words in it are ours. */
export interface RecordedReply {
  readonly name: string;
  /** Whether a stream was asked for. */
  readonly stream: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string or bytes as they are. */
  readonly body: unknown;
  /** What is read of it, or what it becomes where it is no whole translation. */
  readonly becomes: { readonly text: string; readonly usage?: EngineUsage } | ErrorClass;
  /**
   * Where the official client reads something else, and why: `bad-end` a text that is not known to be whole, `less` nothing
   * or an error where there is a text.
   */
  readonly client?: 'bad-end' | 'less';
}

/** One engine that speaks the API, as its documentation describes it. */
export interface Vendor {
  readonly name: string;
  readonly documentation: readonly string[];
  /** What lies before `/chat/completions`, and the query after it. */
  readonly basePath: string;
  readonly query?: string;
  /** The body of a whole reply. */
  reply(text: string): unknown;
  /** The body of a streamed reply, in as many chunks as there are parts. */
  stream(parts: readonly string[]): string;
  /** Its refusal of a request that was one too many. */
  rateLimit(waitMs: number): ErrorAnswer;
  /** Whether that tells how long to wait. */
  readonly tellsWait: boolean;
  readonly errors: readonly ErrorAnswer[];
  /** Further replies: other ends, other forms. */
  readonly replies: readonly RecordedReply[];
}

/** Server-sent events, one for each value; a string stands for itself, such as a comment. */
export function events(values: readonly unknown[]): string {
  return values.map((value) => (typeof value === 'string' ? value : `data: ${JSON.stringify(value)}\n\n`)).join('');
}

export const done = 'data: [DONE]\n\n';
export const openAiUsage = { prompt_tokens: 40, completion_tokens: 7, total_tokens: 47 };
/** The same as it is read. */
export const usage: EngineUsage = { promptTokens: 40, completionTokens: 7 };
/** What the replies say: a whole sentence, and the half of it. */
export const sentence = 'Buenos días a todos.';
export const half = 'Buenos días';
export const parts = ['Buenos ', 'días ', 'a todos.'] as const;

/** The first error of a vendor that becomes an error of this class. */
export function errorThatBecomes({ name, errors }: Vendor, becomes: ErrorClass, statusCode?: number): ErrorAnswer {
  const found = errors.find(
    (error) => error.becomes === becomes && (statusCode === undefined || error.statusCode === statusCode),
  );
  if (found === undefined) throw new Error(`no error of ${name} becomes ${becomes}`);
  return found;
}
