import type { ErrorCode } from '@parley/protocol';
import {
  httpErrorStatus,
  listenHeadersSchema,
  listenPathSchema,
  listenQuerySchema,
  type HttpErrorCode,
} from '@parley/protocol/http-api';
import { z } from 'zod';
import { StreamRefusedError } from '../event-stream/event-stream.ts';
import { addressed, joined } from './caller.ts';
import type { HttpApi, HttpApiContext } from './http-api.ts';
import { errorReplies, HttpError } from './http-error.ts';

/** `GET /v1/listen/CODE/events`: a session for listeners whose network blocks WebSockets. */
export function addEventsRoute(api: HttpApi, context: HttpApiContext): void {
  const { join, directory, streams, clientAddress, connections } = context;
  api.get(
    '/listen/:joinCode/events',
    {
      exposeHeadRoute: false,
      schema: {
        operationId: 'listen',
        summary: 'Listen to a session by server-sent events',
        security: [],
        params: listenPathSchema,
        querystring: listenQuerySchema,
        headers: listenHeadersSchema,
        response: {
          200: {
            description: 'A stream of events; see the AsyncAPI document for the messages.',
            content: { 'text/event-stream': { schema: z.string() } },
          },
          204: z.null().describe('The session has ended, and the client has received everything.'),
          ...errorReplies,
        },
      },
    },
    async (request, reply) => {
      const { joinCode } = request.params;
      const { lang: targetLanguages } = request.query;
      const offset = request.headers['last-event-id'] ?? request.query.offset;
      const { address } = addressed(request, clientAddress);
      const { tenant, sessionId } = joined(await join({ joinCode, address, isReturning: offset !== undefined }));
      // Anything but this would make a browser reconnect for ever.
      if (offset !== undefined && (await isOver(sessionId, offset))) return reply.code(204).send(null);

      // A response to a pipelined request waits for the one before it, which may last as long as the session.
      if (reply.raw.socket === null) {
        throw new HttpError('invalid-request', 'an event stream needs a connection of its own');
      }
      if (streams.isClosing) throw new HttpError('temporarily-unavailable', 'the edge is going away; try another one');
      for (const [name, value] of Object.entries(reply.getHeaders())) reply.raw.setHeader(name, value ?? '');
      const stream = streams.open(reply.raw, { tenant, address, joinCode }, { joinCode, targetLanguages, offset });
      try {
        await stream.opened;
      } catch (error) {
        throw error instanceof StreamRefusedError ? refusedAs(error) : error;
      }
      // Counted as a listener now, and as an HTTP connection again once the stream has ended.
      const { socket } = request.raw;
      connections.release(socket);
      reply.raw.once('finish', () => connections.accept(socket));
      reply.hijack();
      return reply;
    },
  );

  async function isOver(sessionId: string, offset: number): Promise<boolean> {
    const endOffset = await directory.endOffset(sessionId);
    return endOffset !== undefined && endOffset <= offset;
  }
}

/** The join's error as an error of the HTTP API. */
function refusedAs({ refusal, message }: StreamRefusedError): HttpError {
  if (refusal === undefined) return new HttpError('temporarily-unavailable', message);
  const param = refusal.param === 'targetLanguages' ? 'lang' : refusal.param;
  return new HttpError(isHttpErrorCode(refusal.code) ? refusal.code : 'invalid-request', refusal.message, param);
}

function isHttpErrorCode(code: ErrorCode | HttpErrorCode): code is HttpErrorCode {
  return code in httpErrorStatus;
}
