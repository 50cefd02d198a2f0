import type { FastifyInstance } from 'fastify';
import { languageTagSchema } from '@parley/protocol';
import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import type { EngineParts, TlsAccess } from '../engine-parts.ts';
import type { Gate } from '../gate.ts';

const holdSchema = z.strictObject({ on: z.boolean() });

const heldSchema = z.object({
  atLeast: z.coerce.number().int().min(0).default(0),
  timeoutMs: z.coerce.number().int().min(1).max(60_000).default(5000),
});

const releaseSchema = z.union(
  [
    z.strictObject({ ids: z.array(z.string()) }),
    z.strictObject({ all: z.literal(true) }),
    z.strictObject({ order: z.enum(['arrival', 'reverse']) }),
  ],
  'needs one of {"ids": [...]}, {"all": true}, {"order": "arrival"} and {"order": "reverse"}',
);

const struckSchema = {
  text: z.string().optional(),
  target: languageTagSchema.optional(),
  times: z.int().positive().optional(),
};

const failSchema = z.union(
  [
    z.strictObject({ ...struckSchema, status: z.int().min(400).max(599) }),
    z.strictObject({ ...struckSchema, reply: z.string() }),
  ],
  'needs one of {"status": 400 to 599} and {"reply": "..."}, besides "text", "target" and "times"',
);

const loopback = /^(?:::1|(?:::ffff:)?127(?:\.\d+){3})$/;

/**
 * What tests steer and look at, under `/debug`, for loopback peers only:
 *
 * - `POST hold` `{on}`: from now on replies are held back, or pass; those held already stay held.
 * - `GET held?atLeast=N&timeoutMs=T`: what is held, as soon as it is N or more; 408 after T.
 * - `POST release` `{ids}`, `{all: true}` (by arrival) or `{order: 'arrival' | 'reverse'}`: sends held replies, each
 *   after the one before it is complete, and answers with their ids when all are; unknown ids are left out.
 * - `POST fail` `{text?, target?, times?, status}` or `{..., reply}`: that many requests (default: all) of this text and
 *   target get the HTTP status, or the reply as their translation.
 * - `GET tls`: the base URL with `https:` and the certificate in PEM, as `{url, certificate}`; 404 without `ENGINE_TLS_PORT`.
 * - `GET certificate`: that certificate alone, as a file to keep.
 * - `GET stats`: what was counted since the start or the last reset.
 * - `POST reset`: counts from nothing, stops holding and lets everything go, and fails no more.
 */
export function debug(app: FastifyInstance, { translator, gate, faults, stats, overTls }: EngineParts): void {
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
        const { text, target, times, ...effect } = parse(failSchema, request.body);
        faults.add({ text, target, times, effect });
        return {};
      });
      scope.get('/tls', () => tlsAccess(overTls()));
      scope.get('/certificate', (_request, reply) => {
        return reply.type('application/x-pem-file').send(tlsAccess(overTls()).certificate);
      });
      scope.get('/stats', () => ({ model: translator.model, simulated: translator.simulated, ...stats.snapshot() }));
      scope.post('/reset', () => {
        gate.open();
        faults.clear();
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

function parse<Value>(schema: z.ZodType<Value>, input: unknown): Value {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new ApiError(400, z.prettifyError(parsed.error));
}
