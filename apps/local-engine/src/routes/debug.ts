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
} from './debug-schemas.ts';
import { isFromThisMachine } from './only-this-machine.ts';

/**
 * Controls and inspection for tests, under `/debug`, for programs on this machine only:
 *
 * - `POST hold` `{on}`: turns holding of replies on or off; replies that are already held stay held.
 * - `GET held?atLeast=N&timeoutMs=T`: returns the held replies as soon as there are at least N; 408 after T.
 * - `POST release` `{ids}`, `{all: true}` (by arrival) or `{order: 'arrival' | 'reverse'}`: sends held replies one after the
 *   other, and returns their ids when all are complete; unknown ids are ignored.
 * - `POST fail` `{text?, target?, times?, share?, ...}`: applies one of these faults to `times` requests (default: all) with
 *   this text and target, or to a share of them between 0 and 1:
 *   - `status` 400 to 599, with `retryAfterMs?`: responds with this HTTP status;
 *   - `reply`: replaces the translation, and may be empty;
 *   - `slowMs`: delays the reply by this time;
 *   - `cutAfterTokens`: closes the connection after this many tokens of a stream, or in the middle of a plain body;
 *   - `effect: 'reset'`: closes the connection with a TCP reset before any response;
 *   - `effect: 'hang'`: never responds to the request;
 *   - `effect: 'half-open'`: never responds to any request on its connection from now on;
 *   - `effect: 'answer'`: replies as an assistant would, without translating;
 *   - `effect: 'wrong-length'` or `'broken-json'`: a batch reply lacks its last text, or is truncated.
 * - `POST heal`: removes all faults, including those of ENGINE_FAULTS, and closes hanging connections.
 * - `POST limit` `{rpm?, tpm?, limiter?, windowMs?, burstMs?, retryHint?}`: replaces the limits of requests and tokens per
 *   window (default: a minute), with nothing used; `null` removes a limit, absent settings are kept. `limiter` is `bucket`
 *   (with a capacity of `burstMs` of refill, at most a window's) or `sliding`. `retryHint` is how a 429 reports the retry
 *   delay: in the header `retry-after` (`seconds`), in `retry-after-ms` (`milliseconds`), in `both`, or only in its message
 *   (`text`), in which case there are no `x-ratelimit-*` headers either. Returns the settings.
 * - `GET tls`: returns the `https:` base URL and the PEM certificate as `{url, certificate}`; 404 without `ENGINE_TLS_PORT`.
 * - `GET certificate`: returns the certificate as a file.
 * - `GET stats`: returns the counts since the start or the last reset.
 * - `POST reset`: clears the counts, releases all held replies and stops holding, and restores the initial faults and limits.
 */
export function debug(
  app: FastifyInstance,
  { translator, limiter, gate, faults, connections, stats, getTlsAccess }: EngineParts,
): void {
  app.register(
    (scope, _options, done) => {
      scope.addHook('onRequest', ({ raw }, _reply, next) => {
        next(isFromThisMachine(raw.headers, raw.socket.remoteAddress) ? undefined : new ApiError(404, 'not found'));
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
      scope.get('/tls', () => tlsAccess(getTlsAccess()));
      scope.get('/certificate', (_request, reply) => {
        return reply.type('application/x-pem-file').send(tlsAccess(getTlsAccess()).certificate);
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
