import { availableParallelism } from 'node:os';
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

/** How much is done at once, what it may cost, and the switches of the optimisations. */
export const workVariables = {
  PARTIAL_CONCURRENCY: integer(
    { min: 1, max: 4096, fallback: 512 },
    {
      description: 'How many calls for partials one worker thread may have at the engine at once.',
      readBy: ['up', 'worker'],
    },
  ),
  FINAL_CONCURRENCY: integer(
    { min: 1, max: 1024, fallback: 32 },
    { description: 'How many finals one worker thread translates at once.', readBy: ['up', 'worker'] },
  ),
  PARTIAL_IN_FLIGHT: custom(partialInFlight, '2', {
    allowed: 'a whole number from 1 to 4, or auto',
    description:
      'How many revisions of one segment and language may be at the engine at once. `auto`: workers choose by how long the engine takes.',
    readBy: ['up', 'worker'],
  }),
  ENGINE_PRICES: custom(priceTableSchema, '{}', {
    allowed:
      'a JSON object such as {"gpt-4.1-mini": {"inputPerMillion": 0.4, "outputPerMillion": 1.6}, "deepl": {"charactersPerMillion": 20}}, each price from 0 to 1000000',
    description:
      'What a million tokens of a model cost, or a million characters of an engine type without models (deepl, libretranslate), in the currency of your choice. Tokens of other models are counted without a price.',
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
  BATCHING: toggle('on', {
    description: 'off: a request for each text, also while the rate limit is tight.',
    readBy: ['up', 'worker'],
  }),
  SHUTDOWN_TIMEOUT_MS: integer(
    { min: 100, max: 600_000, fallback: 10_000 },
    { description: 'How long a process that is asked to stop may take to finish its work.', readBy: everyProcess },
  ),
} as const satisfies Record<string, Variable>;
