import { availableParallelism } from 'node:os';
import { typesChargedByCharacters } from '@parley/engines/types';
import { z } from 'zod';
import { moneySchema, priceTableSchema } from '../prices.ts';
import { choice, custom, everyProcess, integer, optional, toggle, type Variable } from '../variable.ts';

const partialInFlight = z.union([
  z.literal('auto'),
  z
    .string()
    .regex(/^[1-4]$/)
    .transform(Number),
]);

/** Concurrency, budgets, and switches for single optimizations. */
export const workVariables = {
  PARTIAL_CONCURRENCY: integer(
    { min: 1, max: 4096, fallback: 512 },
    {
      description:
        'The maximum number of concurrent engine calls for partials per worker thread; over HTTP/1.1 it is also limited by ENGINE_CONNECTIONS.',
      readBy: ['up', 'worker'],
    },
  ),
  FINAL_CONCURRENCY: integer(
    { min: 1, max: 1024, fallback: 32 },
    {
      description:
        'The maximum number of finals that one worker thread translates concurrently. Half as many of more than 400 letters come in addition. Each of QUEUE_SHARDS gets an equal share, rounded up.',
      readBy: ['up', 'worker'],
    },
  ),
  PARTIAL_IN_FLIGHT: custom(partialInFlight, '2', {
    allowed: 'a whole number from 1 to 4, or auto',
    description:
      "The maximum number of concurrent engine calls per segment and target language. `auto`: chosen from the engine's latency.",
    readBy: ['up', 'worker'],
  }),
  PARTIAL_STREAMING: choice(['auto', 'on', 'off'], 'auto', {
    description:
      "Whether the first words of a partial's translation are shown while the engine streams the rest. `auto`: if the engine's replies usually take 800 ms or more.",
    readBy: ['up', 'worker'],
  }),
  ENGINE_PRICES: custom(priceTableSchema, '{}', {
    allowed:
      'a JSON object such as {"gpt-4.1-mini": {"inputPerMillion": 0.4, "outputPerMillion": 1.6}, "deepl": {"charactersPerMillion": 20}}, each price from 0 to 1000000',
    description: `The price of a million tokens by model, or of a million characters by engine type without models (${typesChargedByCharacters.join(', ')}), in any currency. Tokens of other models are counted without a price.`,
    readBy: ['up', 'worker'],
  }),
  SESSION_BUDGET: optional(moneySchema, {
    allowed: 'an amount of money above 0, such as 0.50',
    description:
      'The maximum cost of one session, in the currency of ENGINE_PRICES. After 80% only finals are translated, after 100% nothing. Unset: unlimited.',
    readBy: ['up', 'worker'],
  }),
  TENANT_DAILY_BUDGET: optional(moneySchema, {
    allowed: 'an amount of money above 0, such as 25',
    description: 'The same for all sessions of a tenant on one day (UTC).',
    readBy: ['up', 'worker'],
  }),
  PARTIAL_HOLD_MS: integer(
    { min: 0, max: 5000, fallback: 250 },
    {
      description:
        'How long a partial that adds little to the previous one (another last word, punctuation, case) is debounced, in milliseconds. 0: every partial is sent at once, even one without a change.',
      readBy: ['up', 'edge'],
    },
  ),
  PARTIAL_MIN_GROWTH_CHARS: integer(
    { min: 0, max: 1000, fallback: 1 },
    {
      description:
        'How many letters the added words of a partial must have for it to be sent at once; with fewer it is debounced for PARTIAL_HOLD_MS.',
      readBy: ['up', 'edge'],
    },
  ),
  STABILITY: choice(['off', 'balanced', 'high'], 'balanced', {
    description:
      'The stability of sessions that do not ask for one: `off` shows every translation of a partial as it comes, `balanced` what will probably stay, `high` only what will not change before the final.',
    readBy: ['up', 'edge'],
  }),
  WORKERS: choice(['process', 'inline'], 'process', {
    description: '`inline`: the worker runs in the process of the edge.',
    readBy: ['up', 'edge'],
  }),
  WORKER_THREADS: integer(
    { min: 0, max: 64, fallback: Math.max(1, availableParallelism() - 1) },
    {
      description:
        'The number of consumer threads per worker; 0: everything runs on the main thread. Default: cores - 1, at least 1.',
      readBy: ['up', 'worker'],
    },
  ),
  KEEP_JOBS: integer(
    { min: 0, max: 100_000, fallback: 200 },
    { description: 'How many finished jobs of each queue are kept for inspection.', readBy: ['up', 'edge', 'worker'] },
  ),
  CONNECTION_POOL: toggle('on', {
    description: 'off: every request to the engine opens a new connection.',
    readBy: ['up', 'worker'],
  }),
  HTTP2: toggle('on', {
    description: 'off: connections to the engine use HTTP/1.1 with keep-alive.',
    readBy: ['up', 'worker'],
  }),
  PREWARM: toggle('on', { description: 'off: the first request opens the connection.', readBy: ['up', 'worker'] }),
  SINGLEFLIGHT: toggle('on', {
    description: 'off: concurrent equal requests are not combined; each makes its own call.',
    readBy: ['up', 'worker'],
  }),
  CACHE: toggle('on', {
    description: 'off: translations are not cached for later requests of the same text.',
    readBy: ['up', 'worker'],
  }),
  CACHE_SHARED: toggle('off', {
    description:
      "on: tenants share cached translations and calls in progress. The response time can then reveal one tenant's text to another.",
    readBy: ['up', 'worker'],
  }),
  BATCHING: toggle('on', {
    description: 'off: every text is sent in its own request, even when the rate limit is nearly reached.',
    readBy: ['up', 'worker'],
  }),
  SHUTDOWN_TIMEOUT_MS: integer(
    { min: 100, max: 600_000, fallback: 10_000 },
    {
      description: 'How long a process may take to finish its work on shutdown, in milliseconds.',
      readBy: everyProcess,
    },
  ),
} as const satisfies Record<string, Variable>;
