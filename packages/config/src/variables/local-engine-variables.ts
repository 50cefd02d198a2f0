import { engineFaultsSchema } from '../engine-faults.ts';
import { engineLatencySchema } from '../engine-latency.ts';
import { limitPerMinute, portNumber } from '../value-schemas.ts';
import { choice, custom, integer, optional, type Variable } from '../variable.ts';

/** The local engine. */
export const localEngineVariables = {
  ENGINE_TRANSLATIONS: choice(['auto', 'apertium', 'marked', 'paraphrased'], 'auto', {
    description:
      'How the local engine translates: with Apertium, or `marked` placeholder text such as `[es] Hello`; `paraphrased`: a simulation of a chat model that rephrases, with placeholder text that is reworded in each call and mostly keeps an earlier translation in the request. `auto`: Apertium if it is installed.',
    readBy: ['up', 'engine'],
  }),
  ENGINE_TLS_PORT: optional(portNumber, {
    allowed: 'a port from 0 to 65535 (0: any free one)',
    description:
      'A second port of the local engine for HTTP/2 and HTTP/1.1 over TLS. The certificate is generated at startup and served at /debug/certificate. Unset: no TLS.',
    readBy: ['engine'],
  }),
  ENGINE_LATENCY: custom(engineLatencySchema, 'none', {
    allowed:
      'none, fast, typical, or MEDIAN/P95,MEDIAN/P95 in milliseconds for the first token and for each further one, such as 110/210,5/10',
    description:
      'The latency that the local engine simulates. Median and 95th percentile of a complete reply: fast 180/350 ms, typical 600/1400 ms.',
    readBy: ['up', 'engine'],
  }),
  ENGINE_SEED: integer(
    { min: 0, max: 4_294_967_295, fallback: 1 },
    {
      description: "The random seed of the local engine's latencies, faults and paraphrases.",
      readBy: ['up', 'engine'],
    },
  ),
  ENGINE_FAULTS: custom(engineFaultsSchema, 'none', {
    allowed:
      'none, or EFFECT=PERCENT% separated by commas, together at most 100%: 400 to 599 (:MS for Retry-After), slow:MS, cut (:TOKENS), reset, hang, half-open, answer, empty, wrong-length, broken-json; such as 429:2000=5%,slow:800=10%,cut=1%',
    description:
      'The faults that the local engine injects, each into a share of its requests: an error status, a delay, a truncated reply, a reset connection, no reply, or a reply that is not a translation.',
    readBy: ['up', 'engine'],
  }),
  ENGINE_RPM: optional(limitPerMinute, {
    allowed: 'a whole number from 1 to 999999999',
    description:
      'The limit of requests per minute of the local engine; further ones get status 429, as from OpenAI. Unset: unlimited.',
    readBy: ['up', 'engine'],
  }),
  ENGINE_TPM: optional(limitPerMinute, {
    allowed: 'a whole number from 1 to 999999999',
    description:
      'The limit of tokens per minute of the local engine; a request counts with its prompt and its maximum output. Unset: unlimited.',
    readBy: ['up', 'engine'],
  }),
  ENGINE_LIMITER: choice(['bucket', 'sliding'], 'bucket', {
    description:
      'The algorithm for ENGINE_RPM and ENGINE_TPM: a token bucket that refills continuously, or a sliding window of one minute.',
    readBy: ['up', 'engine'],
  }),
  ENGINE_BURST_MS: integer(
    { min: 1, max: 60_000, fallback: 60_000 },
    {
      description:
        "The capacity of the local engine's bucket, in milliseconds of refill. The default allows a whole minute's requests in one burst.",
      readBy: ['up', 'engine'],
    },
  ),
} as const satisfies Record<string, Variable>;
