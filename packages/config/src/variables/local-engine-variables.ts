import { engineFaultsSchema } from '../engine-faults.ts';
import { engineLatencySchema } from '../engine-latency.ts';
import { limitPerMinute, portNumber } from '../number-schemas.ts';
import { choice, custom, integer, optional, type Variable } from '../variable.ts';

/** What the local engine does. */
export const localEngineVariables = {
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
} as const satisfies Record<string, Variable>;
