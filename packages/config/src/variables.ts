import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { apiKeysSchema } from './api-keys.ts';
import { engineFaultsSchema } from './engine-faults.ts';
import { engineEndpointsSchema } from './engine-endpoints.ts';
import { engineLatencySchema } from './engine-latency.ts';
import { moneySchema, priceTableSchema } from './prices.ts';
import { choice, custom, integer, optional, text, toggle, type Variable } from './variable.ts';

const redisUrl = z.url({ protocol: /^rediss?$/ });
const httpUrl = z.url({ protocol: /^https?$/ });
const everyProcess = ['up', 'edge', 'worker', 'engine', 'dashboard'] as const;
const partialInFlight = z.union([
  z.literal('auto'),
  z
    .string()
    .regex(/^[1-4]$/)
    .transform(Number),
]);
const limitPerMinute = z
  .string()
  .regex(/^[1-9]\d{0,8}$/)
  .transform(Number);
const share = z
  .string()
  .regex(/^0(\.\d{1,4})?$/)
  .transform(Number)
  .pipe(z.number().max(0.9));
const port = { min: 0, max: 65535 };
const portNumber = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .pipe(z.int().max(port.max));

/** Every environment variable that Parley reads. `parley --help` and `docs/configuration.md` are made from this table. */
export const variables = {
  HOST: text({
    allowed: 'a host name or address to listen on',
    fallback: '127.0.0.1',
    description: 'The address that edge, engine and dashboard listen on.',
    readBy: ['up', 'edge', 'engine', 'dashboard'],
  }),
  PORT: optional(portNumber, {
    allowed: 'a port from 0 to 65535 (0: any free one)',
    description:
      'The port to listen on. Unset: edge 8787, engine 8788, dashboard 8790; `up` takes a free one where 8787 is taken.',
    readBy: ['up', 'edge', 'engine', 'dashboard'],
  }),
  HEALTH_PORT: integer(
    { ...port, fallback: 8789 },
    { description: "The port of a worker's health and metrics (0: any free one).", readBy: ['worker'] },
  ),
  REDIS_URL: optional(redisUrl, {
    allowed: 'a redis:// or rediss:// URL',
    description:
      'The Redis for sessions and jobs (noeviction, append-only). Unset: `up` starts a private one; the others use redis://127.0.0.1:6379.',
    readBy: ['up', 'edge', 'worker', 'dashboard'],
    secret: true,
  }),
  CACHE_REDIS_URL: optional(redisUrl, {
    allowed: 'a redis:// or rediss:// URL',
    description:
      'The Redis for cached translations and calls that are shared (any eviction policy, nothing on disk). Unset: the one of REDIS_URL; without either, `up` starts a second private one.',
    readBy: ['up', 'worker'],
    secret: true,
  }),
  LOG_LEVEL: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info', {
    description: 'How much is logged.',
    readBy: everyProcess,
  }),
  API_KEYS: optional(apiKeysSchema, {
    allowed: 'TENANT:KEY pairs separated by commas, keys of at least 16 characters',
    description:
      'Who may open sessions and, with a key as the password, the dashboard. Unset: no key is needed from loopback, see docs/operations.md.',
    readBy: ['up', 'edge', 'dashboard'],
    secret: true,
  }),
  KEYLESS: choice(['auto', 'loopback'], 'auto', {
    description:
      '`loopback`: without API_KEYS no key is needed although the process listens on every address, because its port is only published on loopback (a container).',
    readBy: ['edge', 'dashboard'],
  }),
  MAX_FRAME_BYTES: integer(
    { min: 1024, max: 64 * 1024 * 1024, fallback: 256 * 1024 },
    { description: 'The largest WebSocket frame that a client may send.', readBy: ['up', 'edge'] },
  ),
  MAX_TEXT_CHARS: integer(
    { min: 1, max: 1_000_000, fallback: 10_000 },
    { description: 'The longest text of one transcript, in UTF-16 units.', readBy: ['up', 'edge'] },
  ),
  MAX_OPEN_SEGMENTS: integer(
    { min: 1, max: 1000, fallback: 32 },
    { description: 'How many segments of a session may be open at once.', readBy: ['up', 'edge'] },
  ),
  SESSION_GRACE_MS: integer(
    { min: 0, max: 86_400_000, fallback: 60_000 },
    {
      description: 'How long a session outlives its socket: so long its client may come back, to any edge.',
      readBy: ['up', 'edge'],
    },
  ),
  MAX_UNREAD_BYTES: integer(
    { min: 128 * 1024, max: 1024 * 1024 * 1024, fallback: 1024 * 1024 },
    { description: 'How much a client may leave unread before it is closed as too slow.', readBy: ['up', 'edge'] },
  ),
  MAX_FRAMES_PER_SECOND: integer(
    { min: 1, max: 100_000, fallback: 100 },
    { description: 'How many frames a second a connection may send in the long run.', readBy: ['up', 'edge'] },
  ),
  MAX_FRAME_BURST: integer(
    { min: 1, max: 100_000, fallback: 1000 },
    { description: 'How many frames a connection may send at once after it was quiet.', readBy: ['up', 'edge'] },
  ),
  MAX_SESSIONS_PER_TENANT: integer(
    { min: 0, max: 1_000_000, fallback: 1000 },
    {
      description: 'How many sessions a tenant may have at once over all edges; 0: any number.',
      readBy: ['up', 'edge'],
    },
  ),
  MAX_SOCKETS_PER_TENANT: integer(
    { min: 0, max: 1_000_000, fallback: 10_000 },
    {
      description: 'How many sockets a tenant may have at once over all edges; 0: any number.',
      readBy: ['up', 'edge'],
    },
  ),
  OPENAI_API_KEY: optional(z.string().min(1), {
    allowed: 'an API key',
    description: 'The key for the engine. With neither this nor OPENAI_BASE_URL, `up` starts the local engine.',
    readBy: ['up', 'worker'],
    secret: true,
  }),
  OPENAI_BASE_URL: optional(httpUrl, {
    allowed: 'an http:// or https:// URL, usually ending in /v1',
    description: 'An OpenAI-compatible endpoint. Unset: https://api.openai.com/v1.',
    readBy: ['up', 'worker'],
  }),
  LOCAL_ENGINE_URL: optional(httpUrl, {
    allowed: 'an http:// or https:// URL, usually ending in /v1',
    description: 'The local engine: where a worker translates while neither OPENAI_API_KEY nor OPENAI_BASE_URL is set.',
    readBy: ['worker'],
  }),
  OPENAI_RPM: optional(limitPerMinute, {
    allowed: 'a whole number from 1 to 999999999',
    description:
      'The requests a minute that the endpoint allows this key, over all workers. Unset: what its answers say, and no limit where they say nothing.',
    readBy: ['up', 'worker'],
  }),
  OPENAI_TPM: optional(limitPerMinute, {
    allowed: 'a whole number from 1 to 999999999',
    description:
      'The tokens a minute that the endpoint allows this key, over all workers; a request counts with its prompt and the output it asks room for. Unset: as for OPENAI_RPM.',
    readBy: ['up', 'worker'],
  }),
  FINAL_RESERVE: custom(share, '0.2', {
    allowed: 'a number from 0 to 0.9',
    description: 'The share of what may be sent to the endpoint at once that only finals may use.',
    readBy: ['up', 'worker'],
  }),
  OPENAI_MODEL: text({
    allowed: 'the name of a chat model',
    fallback: 'gpt-4.1-mini',
    description: 'The chat model that translates.',
    readBy: ['up', 'worker'],
  }),
  OPENAI_PREDICTIONS: toggle('off', {
    description:
      'on: what is shown of a segment goes along as a predicted output, then without a limit of the reply. Tokens that turn out otherwise are billed all the same.',
    readBy: ['up', 'worker'],
  }),
  ENGINES: {
    ...optional(engineEndpointsSchema({}), {
      allowed: 'a JSON list of endpoints, see docs/engines.md',
      description:
        'Several endpoints, in the order in which they are asked, instead of the one that the OPENAI_ variables name; `up` starts no local engine then.',
      readBy: ['up', 'worker'],
      secret: true,
    }),
    schemaWithin: engineEndpointsSchema,
  },
  ENGINE_CA_FILE: optional(z.string().min(1), {
    allowed: 'the path of a PEM file',
    description: 'Certificates that are trusted for the engine besides the well-known ones.',
    readBy: ['up', 'worker'],
  }),
  ENGINE_CONNECTIONS: integer(
    { min: 1, max: 1024, fallback: 96 },
    {
      description:
        'The most connections of one worker thread to the engine: over HTTP/1.1 each carries one call at a time.',
      readBy: ['up', 'worker'],
    },
  ),
  ENGINE_CONNECT_TIMEOUT_MS: integer(
    { min: 50, max: 60_000, fallback: 3000 },
    { description: 'How long opening a connection to the engine may take.', readBy: ['up', 'worker'] },
  ),
  ENGINE_FIRST_TOKEN_TIMEOUT_MS: integer(
    { min: 100, max: 120_000, fallback: 5000 },
    { description: "How long the first piece of an engine's reply may take.", readBy: ['up', 'worker'] },
  ),
  ENGINE_TOTAL_TIMEOUT_MS: integer(
    { min: 100, max: 600_000, fallback: 20_000 },
    { description: "How long an engine's whole reply may take.", readBy: ['up', 'worker'] },
  ),
  ENGINE_TRANSLATIONS: choice(['auto', 'apertium', 'marked', 'paraphrased'], 'auto', {
    description:
      'What the local engine translates with: Apertium, or marked stand-in text such as `[es] Hello`; `paraphrased`: such text in other words at each call, as large models do. `auto`: Apertium where it is installed.',
    readBy: ['up', 'engine'],
  }),
  ENGINE_TLS_PORT: optional(portNumber, {
    allowed: 'a port from 0 to 65535 (0: any free one)',
    description:
      'Where the local engine listens for HTTP/2 and HTTP/1.1 over TLS as well, with a certificate that it makes at its start and gives at /debug/certificate. Unset: nowhere.',
    readBy: ['engine'],
  }),
  ENGINE_LATENCY: custom(engineLatencySchema, 'none', {
    allowed:
      'none, fast, typical, or MEDIAN/P95,MEDIAN/P95 in milliseconds for the first token and for each further one, such as 110/210,5/10',
    description:
      'How long the local engine makes its replies take, as a remote one would. Median and 95th percentile of a whole reply: fast 180/350 ms, typical 600/1400 ms.',
    readBy: ['up', 'engine'],
  }),
  ENGINE_SEED: integer(
    { min: 0, max: 4_294_967_295, fallback: 1 },
    { description: "The seed of the local engine's latencies, faults and paraphrases.", readBy: ['up', 'engine'] },
  ),
  ENGINE_FAULTS: custom(engineFaultsSchema, 'none', {
    allowed:
      'none, or EFFECT=PERCENT% separated by commas, together at most 100%: 400 to 599 (:MS to come back in), slow:MS, cut (:TOKENS), reset, hang, half-open, answer, empty, wrong-length, broken-json; such as 429:2000=5%,slow:800=10%,cut=1%',
    description:
      'Which share of its requests the local engine serves badly: with an error status, late, cut in the midst, reset, never, or with a reply that is no translation.',
    readBy: ['up', 'engine'],
  }),
  ENGINE_RPM: optional(limitPerMinute, {
    allowed: 'a whole number from 1 to 999999999',
    description:
      'How many requests a minute the local engine takes; any more get 429 as from OpenAI. Unset: any number.',
    readBy: ['up', 'engine'],
  }),
  ENGINE_TPM: optional(limitPerMinute, {
    allowed: 'a whole number from 1 to 999999999',
    description:
      'How many tokens a minute the local engine takes: each request counts with its prompt and the output it asks room for. Unset: any number.',
    readBy: ['up', 'engine'],
  }),
  ENGINE_LIMITER: choice(['bucket', 'sliding'], 'bucket', {
    description:
      'How the local engine counts against ENGINE_RPM and ENGINE_TPM: a bucket that refills continuously, or whatever came in the last minute.',
    readBy: ['up', 'engine'],
  }),
  ENGINE_BURST_MS: integer(
    { min: 1, max: 60_000, fallback: 60_000 },
    {
      description:
        "How many milliseconds of refill the local engine's bucket holds: the default lets a whole minute's allowance through at once.",
      readBy: ['up', 'engine'],
    },
  ),
  PARTIAL_CONCURRENCY: integer(
    { min: 1, max: 1024, fallback: 64 },
    { description: 'How many partials one worker thread translates at once.', readBy: ['up', 'worker'] },
  ),
  FINAL_CONCURRENCY: integer(
    { min: 1, max: 1024, fallback: 32 },
    { description: 'How many finals one worker thread translates at once.', readBy: ['up', 'worker'] },
  ),
  PARTIAL_IN_FLIGHT: custom(partialInFlight, '2', {
    allowed: 'a whole number from 1 to 4, or auto',
    description:
      'How many revisions of one segment and language may be at the engine at once. `auto`: workers choose by how long the engine takes. Edges go by what workers say.',
    readBy: ['up', 'edge', 'worker'],
  }),
  ENGINE_PRICES: custom(priceTableSchema, '{}', {
    allowed: 'a JSON object such as {"gpt-4.1-mini": {"inputPerMillion": 0.4, "outputPerMillion": 1.6}}',
    description:
      'What a million tokens of a model cost, in the currency of your choice. Tokens of other models are counted without a price.',
    readBy: ['up', 'worker'],
  }),
  SESSION_BUDGET: optional(moneySchema, {
    allowed: 'an amount of money above 0, such as 0.50',
    description:
      'What one session may cost, in the currency of ENGINE_PRICES: from four fifths of it on only finals are translated, and nothing once it is spent. Unset: without limit.',
    readBy: ['up', 'worker'],
  }),
  TENANT_DAILY_BUDGET: optional(moneySchema, {
    allowed: 'an amount of money above 0, such as 25',
    description: 'The same for all sessions of a tenant in a day (UTC).',
    readBy: ['up', 'worker'],
  }),
  PARTIAL_HOLD_MS: integer(
    { min: 0, max: 5000, fallback: 250 },
    {
      description:
        'How long a partial that adds little to the one sent before (another last word, punctuation, case) waits for a newer one; 0: every partial is sent at once, also one that says the same.',
      readBy: ['up', 'edge'],
    },
  ),
  PARTIAL_MIN_GROWTH_CHARS: integer(
    { min: 0, max: 1000, fallback: 1 },
    {
      description:
        'Letters that the words added to a partial must have for it to be sent at once; with fewer it waits for PARTIAL_HOLD_MS.',
      readBy: ['up', 'edge'],
    },
  ),
  WORKERS: choice(['process', 'inline'], 'process', {
    description: '`inline`: the worker lives in the process of the edge.',
    readBy: ['up', 'edge'],
  }),
  WORKER_THREADS: integer(
    { min: 0, max: 64, fallback: Math.max(1, availableParallelism() - 1) },
    {
      description: 'Consumer threads of a worker; 0: all on its main thread. Default: cores - 1, at least 1.',
      readBy: ['up', 'worker'],
    },
  ),
  KEEP_JOBS: integer(
    { min: 0, max: 100_000, fallback: 200 },
    { description: 'How many finished jobs of each lane stay to be looked at.', readBy: ['up', 'edge', 'worker'] },
  ),
  CONNECTION_POOL: toggle('on', {
    description: 'off: a new connection for every request to the engine.',
    readBy: ['up', 'worker'],
  }),
  HTTP2: toggle('on', { description: 'off: HTTP/1.1 keep-alive to the engine.', readBy: ['up', 'worker'] }),
  PREWARM: toggle('on', { description: 'off: the first request opens the connection.', readBy: ['up', 'worker'] }),
  SINGLEFLIGHT: toggle('on', {
    description: 'off: equal requests that are under way at once each make a call of their own.',
    readBy: ['up', 'worker'],
  }),
  CACHE: toggle('on', {
    description: 'off: no translation is kept for later requests of the same text.',
    readBy: ['up', 'worker'],
  }),
  CACHE_SHARED: toggle('off', {
    description:
      'on: tenants share cached translations and calls under way. How soon an answer comes tells one of them what another has said.',
    readBy: ['up', 'worker'],
  }),
  HEDGING: toggle('on', {
    description:
      'off: a final that takes long at the engine never gets a second call, of which the first answer counts.',
    readBy: ['up', 'worker'],
  }),
  BATCHING: toggle('on', {
    description: 'off: a request for each text, also while the rate limit is tight.',
    readBy: ['up', 'worker'],
  }),
  LATEST_WINS: toggle('on', {
    description: 'off: a job for every revision of a partial.',
    readBy: ['up', 'edge', 'worker'],
  }),
  SHUTDOWN_TIMEOUT_MS: integer(
    { min: 100, max: 600_000, fallback: 10_000 },
    { description: 'How long a process that is asked to stop may take to finish its work.', readBy: everyProcess },
  ),
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof variables;
