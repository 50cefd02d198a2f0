import { z } from 'zod';
import { roomNameSchema } from '../client-message.ts';

/** What a token permits: `speak` as much as a key over the WebSocket, `listen` only joining. */
export const tokenScopeSchema = z.enum(['speak', 'listen']);
export type TokenScope = z.infer<typeof tokenScopeSchema>;

/** The maximum lifetime of a token in seconds. */
export const maxTokenSeconds = 3600;

/** The body of `POST /v1/tokens`. Strict, so that a misspelled restriction is not ignored. */
export const tokenRequestSchema = z
  .strictObject({
    scope: tokenScopeSchema,
    sessionId: z.string().min(1).max(100).optional().describe('The token is then only for this session.'),
    room: roomNameSchema.optional().describe('The token is then only for sessions in this room.'),
    expiresInSeconds: z.int().min(1).max(maxTokenSeconds),
  })
  .meta({ id: 'TokenRequest' });
export type TokenRequest = z.infer<typeof tokenRequestSchema>;

/** The reply to `POST /v1/tokens`. */
export const tokenReplySchema = z.object({ token: z.string(), expiresAt: z.iso.datetime() }).meta({ id: 'Token' });
