import { z } from 'zod';

/** What an OpenAI-compatible server says of a request that failed. */
export interface ErrorDetail {
  readonly message: string;
  readonly code: string | undefined;
  readonly param: string | undefined;
}

const word = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value == null ? undefined : String(value)));

const detailSchema = z.object({ message: z.string().catch(''), code: word, param: word });

/** `{ error: { message, type, param, code } }`; some servers send the message alone, or the inner object. */
const errorBodySchema = z.object({
  error: z.union([detailSchema, z.string().transform((message) => ({ message, code: undefined, param: undefined }))]),
});

const noDetail: ErrorDetail = { message: '', code: undefined, param: undefined };

/** Reads the body of an error answer; one that isn't understood tells nothing. */
export function readErrorBody(text: string): ErrorDetail {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return noDetail;
  }
  const parsed = errorBodySchema.safeParse(json);
  if (parsed.success) return parsed.data.error;
  const bare = detailSchema.safeParse(json);
  return bare.success ? bare.data : noDetail;
}
