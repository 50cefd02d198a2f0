import { z } from 'zod';

const stateSchema = z
  .enum(['live', 'paused', 'disconnected', 'ending', 'ended'])
  .describe('`disconnected`: the speaker has lost the connection and may resume, also if the session is paused.');

/** The reply to `GET /v1/sessions/ID`. */
export const sessionReplySchema = z
  .object({
    sessionId: z.string(),
    tenant: z.string(),
    room: z.string().optional().describe('The room that the session was started in.'),
    startedAt: z.iso.datetime(),
    sourceLanguage: z.string(),
    targetLanguages: z.array(z.string()),
    listeners: z.int().min(0),
    state: stateSchema,
  })
  .meta({ id: 'Session' });
export type SessionReply = z.infer<typeof sessionReplySchema>;

/** The path parameters of a session. */
export const sessionPathSchema = z.object({ sessionId: z.string().max(100) });

const maxPageSize = 100;

/** The query of `GET /v1/sessions`. */
export const sessionsQuerySchema = z.object({
  limit: z.coerce
    .number(`must be a whole number from 1 to ${maxPageSize}`)
    .pipe(z.int().min(1).max(maxPageSize))
    .default(maxPageSize)
    // The documents describe what is sent, of which the first step alone says nothing but that it is a number.
    .meta({ type: 'integer', minimum: 1, maximum: maxPageSize }),
  cursor: z
    .string()
    .regex(/^\d{15}:[\w.-]{1,100}$/, 'is not the `nextCursor` of a reply')
    .optional(),
});

/** The reply to `GET /v1/sessions`. */
export const sessionsReplySchema = z
  .object({
    sessions: z.array(sessionReplySchema).describe('Newest first.'),
    nextCursor: z.string().optional().describe('The `cursor` of the next page; absent on the last one.'),
  })
  .meta({ id: 'Sessions' });
export type SessionsReply = z.infer<typeof sessionsReplySchema>;
