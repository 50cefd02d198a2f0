import { hostname } from 'node:os';
import { z } from 'zod';
import { parseStored } from '../script/parse-stored.ts';

/** Events are counted and latencies measured over this time. */
export const statusWindowMs = 60_000;
/** Of an edge with more sessions, the worst are listed. */
export const maxListedSessions = 200;

const count = z.int().min(0);
const milliseconds = z.number().min(0);
// A name that is configured may be longer.
const name = z.string().transform((text) => text.slice(0, 200));
const quantiles = z.object({ count, p50Ms: milliseconds.optional(), p95Ms: milliseconds.optional() });

const thisProcessFields = { v: z.literal(1), host: name, pid: z.int(), startedAtMs: milliseconds };

const edgeStatusSchema = z.object({
  ...thisProcessFields,
  kind: z.literal('edge'),
  sockets: count,
  /** With a speaker or a listener on this edge. */
  sessions: count,
  /** With their speaker on this edge. */
  speakers: count,
  /** From the arrival of a transcript to the delivery of its translation. */
  latency: z.object({ partial: quantiles, final: quantiles }),
  /** Connections, messages and requests that were refused. */
  refusals: count,
  /** Sessions of which a reason for reduced service is known, by reason. */
  degraded: z.array(z.object({ reason: name, sessions: count })).max(20),
  listed: z
    .array(z.object({ sessionId: name, lagP95Ms: milliseconds.optional(), degraded: z.array(name).max(20) }))
    .max(maxListedSessions),
});

const endpointStatusSchema = z.object({
  endpoint: name,
  calls: count,
  /** Calls that failed: the endpoint was unavailable, timed out, or gave a bad or no usable reply. */
  errors: count,
  answer: quantiles,
  /** Threads whose circuit breaker is not closed. */
  openCircuits: count,
  /** The unused share of the rate limit, from 0 to 1; missing while no limit is known. */
  headroom: z.number().min(0).max(1).optional(),
  /** Threads that limit themselves because Redis is unreachable. */
  fallbackThreads: count,
  /** Calls that it answered with 429. */
  pauses: count,
  /** Why it can't be used by some thread; missing: it can, as far as known. */
  trouble: z.string().max(300).optional(),
  /** Threads that answer and can use it, as far as known; missing: an earlier version, which did not count them. */
  usableThreads: count.optional(),
});

const workerStatusSchema = z.object({
  ...thisProcessFields,
  kind: z.literal('worker'),
  configuredThreads: count,
  /** Threads that ended and were started again, since the start of the worker. */
  replacedThreads: count,
  threads: z
    .array(
      z.object({
        thread: count,
        /** Whether it answered within a second. */
        answers: z.boolean(),
        calls: count,
        /** Calls for partials that it may make at a time. */
        callLimit: count,
      }),
    )
    .max(256),
  /** From the arrival of a transcript until a thread started on it. */
  queueWait: z.object({ partial: quantiles, final: quantiles }),
  finals: z.object({ translated: count, failed: count }),
  endpoints: z.array(endpointStatusSchema).max(50),
  calls: z.object({ made: count, memory: count, cache: count, joinedHere: count, joinedElsewhere: count }),
  cacheFailures: count,
});

const processStatusSchema = z.discriminatedUnion('kind', [edgeStatusSchema, workerStatusSchema]);

export type EdgeStatus = Readonly<z.infer<typeof edgeStatusSchema>>;
export type WorkerStatus = Readonly<z.infer<typeof workerStatusSchema>>;
export type ListedSession = EdgeStatus['listed'][number];
export type EndpointStatus = WorkerStatus['endpoints'][number];
export type Quantiles = z.infer<typeof quantiles>;
/** What a process reports of itself. It contains no texts of sessions. Format version 1. */
export type ProcessStatus = EdgeStatus | WorkerStatus;

/** The fields of a status that name the process. */
export function thisProcess(): Pick<ProcessStatus, 'v' | 'host' | 'pid' | 'startedAtMs'> {
  return { v: 1, host: hostname(), pid: process.pid, startedAtMs: Math.round(performance.timeOrigin) };
}

/** Parses a status; `undefined` if a process of another version wrote it. */
export function parseProcessStatus(json: string): ProcessStatus | undefined {
  return parseStored(processStatusSchema, json);
}
