import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { ApiError } from '../api-error.ts';
import type { EngineParts, TlsAccess } from '../engine-parts.ts';
import type { Gate } from '../gate.ts';
import {
  changedLimits,
  failSchema,
  heldSchema,
  holdSchema,
  limitSchema,
  parse,
  releaseSchema,
} from './debug-orders.ts';

const loopback = /^(?:::1|(?:::ffff:)?127(?:\.\d+){3})$/;

/**
 * What tests steer and look at, under `/debug`, for loopback peers only:
 *
 * - `POST hold` `{on}`: from now on replies are held back, or pass; those held already stay held.
 * - `GET held?atLeast=N&timeoutMs=T`: what is held, as soon as it is N or more; 408 after T.
 * - `POST release` `{ids}`, `{all: true}` (by arrival) or `{order: 'arrival' | 'reverse'}`: sends held replies, each
 *   after the one before it is complete, and answers with their ids when all are; unknown ids are left out.
 * - `POST fail` `{text?, target?, times?, share?, ...}`: that many requests (default: all) of this text and target, or a
 *   share of them between 0 and 1, are struck by one of
 *   - `status` 400 to 599, with `retryAfterMs?`: that HTTP status is answered;
 *   - `reply`: this stands in place of the translation, and may be empty;
 *   - `slowMs`: the reply takes so much longer;
 *   - `cutAfterTokens`: the connection ends after so many tokens of a stream, or in the midst of a plain body;
 *   - `effect: 'reset'`: the connection ends with a TCP reset before any answer;
 *   - `effect: 'hang'`: there is never an answer to this request;
 *   - `effect: 'half-open'`: nor to any other on its connection, from now on;
 *   - `effect: 'answer'`: the reply is what an assistant would say, and no translation;
 *   - `effect: 'wrong-length'` or `'broken-json'`: a batch's reply lacks its last text, or ends in the midst.
 * - `POST heal`: nothing fails any more, not even by ENGINE_FAULTS, and connections that hang end.
 * - `POST limit` `{rpm?, tpm?, limiter?, windowMs?, burstMs?, retryHint?}`: limits requests and tokens in a window (a
 *   minute by default) from now on, nothing of them used; `null` takes a limit away, what isn't named stays. `limiter` is
 *   `bucket` (which holds `burstMs` of refill, at most a window's) or `sliding`. `retryHint` says where a 429 tells when to come
 *   back: the header `retry-after` (`seconds`), `retry-after-ms` (`milliseconds`), `both`, or only its `text`, and then
 *   there are no `x-ratelimit-*` headers either. Answers with the settings.
 * - `GET tls`: the base URL with `https:` and the certificate in PEM, as `{url, certificate}`; 404 without `ENGINE_TLS_PORT`.
 * - `GET certificate`: that certificate alone, as a file to keep.
 * - `GET stats`: what was counted since the start or the last reset.
 * - `POST reset`: counts from nothing, stops holding and lets everything go, and fails and limits as at the start.
 */
export function debug(
  app: FastifyInstance,
  { translator, limiter, gate, faults, connections, stats, overTls }: EngineParts,
): void {
  app.register(
    (scope, _options, done) => {
      scope.addHook('onRequest', (request, _reply, next) => {
        const isLoopback = loopback.test(request.raw.socket.remoteAddress ?? '');
        next(isLoopback ? undefined : new ApiError(404, 'not found'));
      });
      scope.post('/hold', (request) => {
        const { on } = parse(holdSchema, request.body);
        gate.hold(on);
        return { on };
      });
      scope.get('/held', async (request) => {
        const { atLeast, timeoutMs } = parse(heldSchema, request.query);
        const deadline = AbortSignal.timeout(timeoutMs);
        await gate.whenHeld(atLeast, deadline).catch((error: unknown) => {
          throw new ApiError(408, `fewer than ${atLeast} replies were held within ${timeoutMs} ms`, { cause: error });
        });
        return { held: gate.held() };
      });
      scope.post('/release', async (request) => ({
        released: await gate.release(chosen(parse(releaseSchema, request.body), gate)),
      }));
      scope.post('/fail', (request) => {
        const { text, target, times, share, ...effect } = parse(failSchema, request.body);
        faults.add({ text, target, times, share, effect });
        return {};
      });
      scope.post('/heal', () => {
        faults.clear();
        connections.endUnanswered();
        return {};
      });
      scope.post('/limit', (request) => {
        const { settings } = limiter;
        limiter.set(changedLimits(settings, parse(limitSchema, request.body)));
        return limiter.settings;
      });
      scope.get('/tls', () => tlsAccess(overTls()));
      scope.get('/certificate', (_request, reply) => {
        return reply.type('application/x-pem-file').send(tlsAccess(overTls()).certificate);
      });
      scope.get('/stats', () => ({ model: translator.model, simulated: translator.simulated, ...stats.snapshot() }));
      scope.post('/reset', () => {
        gate.open();
        faults.reset();
        connections.endUnanswered();
        limiter.reset();
        stats.reset();
        return {};
      });
      done();
    },
    { prefix: '/debug' },
  );
}

function tlsAccess(access: TlsAccess | undefined): TlsAccess {
  if (access === undefined) throw new ApiError(404, 'not listening over TLS: ENGINE_TLS_PORT is unset');
  return access;
}

function chosen(selection: z.infer<typeof releaseSchema>, gate: Gate): string[] {
  if ('ids' in selection) return selection.ids;
  const arrived = gate.held().map(({ id }) => id);
  return 'order' in selection && selection.order === 'reverse' ? arrived.reverse() : arrived;
}
