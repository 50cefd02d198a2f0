import { setTimeout as delay } from 'node:timers/promises';
import {
  sessionPathSchema,
  sessionReplySchema,
  sessionsQuerySchema,
  sessionsReplySchema,
  type SessionReply,
} from '@parley/protocol/http-api';
import { permitsSession } from '../access/permits-session.ts';
import type { SessionDescription } from '@parley/redis/session';
import { z } from 'zod';
import { usageWrittenWithinMs } from '../messages/session-end.ts';
import type { Caller } from './caller.ts';
import type { HttpApi, HttpApiContext } from './http-api.ts';
import { errorReplies, HttpError } from './http-error.ts';

/** `/v1/sessions`: the sessions of the caller's tenant. */
export function addSessionsRoutes(api: HttpApi, context: HttpApiContext): void {
  const { directory, erasure, schedule, tenants, transcripts, now, authenticate, authenticateByKey } = context;

  /** @throws HttpError also for a session of another tenant, so that nobody learns of it */
  const find = async (sessionId: string, caller: Caller): Promise<SessionDescription> => {
    const session = await directory.describe(sessionId);
    if (!isPermitted(session, caller)) throw unknownSession();
    return session;
  };

  api.get(
    '/sessions',
    {
      schema: {
        operationId: 'listSessions',
        summary: 'The sessions of your tenant',
        querystring: sessionsQuerySchema,
        response: { 200: sessionsReplySchema, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { tenant } = await authenticateByKey(request);
      const { sessions, nextCursor } = await directory.list(tenant, request.query, now());
      const page = { sessions: sessions.map(toReply), ...(nextCursor === undefined ? {} : { nextCursor }) };
      return reply.header('cache-control', 'no-store').send(page);
    },
  );

  api.get(
    '/sessions/:sessionId',
    {
      schema: {
        operationId: 'getSession',
        summary: 'One session',
        params: sessionPathSchema,
        response: { 200: sessionReplySchema, ...errorReplies },
      },
    },
    async (request, reply) => {
      const caller = await authenticate(request);
      if (caller.token?.scope === 'listen') throw new HttpError('forbidden', 'the key or token only allows listening');
      const session = await find(request.params.sessionId, caller);
      return reply.header('cache-control', 'no-store').send(toReply(session));
    },
  );

  api.delete(
    '/sessions/:sessionId',
    {
      schema: {
        operationId: 'deleteSession',
        summary: 'End a session and erase what was said in it',
        params: sessionPathSchema,
        response: { 204: z.null().describe('Ended and erased'), ...errorReplies },
      },
    },
    async (request, reply) => {
      const caller = await authenticate(request);
      const { sessionId } = request.params;
      const mayDelete =
        caller.token === undefined || (caller.token.scope === 'speak' && caller.token.sessionId !== undefined);
      if (!mayDelete) throw new HttpError('forbidden', 'this needs an API key, or a token to speak in this session');
      const session = await directory.describe(sessionId);
      if (session === undefined) {
        // A minute after its end, only the transcript is left.
        if (!isPermitted(await transcripts.find(sessionId), caller)) throw unknownSession();
        await erasure.eraseForgotten(sessionId);
        await schedule.schedule(sessionId, 0);
        return reply.code(204).send(null);
      }
      if (!isPermitted(session, caller)) throw unknownSession();
      if ((await erasure.close(sessionId)) === 'closed') await delay(usageWrittenWithinMs);
      await erasure.erase(sessionId, session);
      // If the speaker is not connected, no edge would do this.
      await tenants.sessions.leave(session.tenant, sessionId);
      // Workers report the end, and erase what is cached.
      await schedule.schedule(sessionId, 0);
      return reply.code(204).send(null);
    },
  );
}

/** Whether there is such a session, and a key or token permits access to it. */
function isPermitted<Found extends Parameters<typeof permitsSession>[1]>(
  session: Found | undefined,
  { tenant, token }: Caller,
): session is Found {
  return session?.tenant === tenant && (token === undefined || permitsSession(token, session));
}

function unknownSession(): HttpError {
  return new HttpError('session-unknown', 'there is no session with this ID');
}

function toReply({ startedAtMs, targetLanguages, head: _head, ...session }: SessionDescription): SessionReply {
  return { ...session, startedAt: new Date(startedAtMs).toISOString(), targetLanguages: [...targetLanguages] };
}
