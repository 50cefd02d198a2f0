import { z } from 'zod';

/** Median and 95th percentile of a time in milliseconds. */
export interface LatencyQuantiles {
  readonly medianMs: number;
  readonly p95Ms: number;
}

/** Simulated latency of the local engine: a profile, or that of the first token and of each further one. */
export type EngineLatency =
  'none' | 'fast' | 'typical' | { readonly firstToken: LatencyQuantiles; readonly perToken: LatencyQuantiles };

const pattern = /^(\d{1,6}(?:\.\d+)?)\/(\d{1,6}(?:\.\d+)?),(\d{1,6}(?:\.\d+)?)\/(\d{1,6}(?:\.\d+)?)$/;

const quantilesSchema = z
  .object({ medianMs: z.number().positive(), p95Ms: z.number().positive() })
  .refine(({ medianMs, p95Ms }) => p95Ms >= medianMs, 'has a 95th percentile below its median');

/** `none`, `fast`, `typical`, or `MEDIAN/P95,MEDIAN/P95` in milliseconds: first token, then each further token. */
export const engineLatencySchema = z.union([
  z.enum(['none', 'fast', 'typical']),
  z
    .string()
    .regex(pattern)
    .transform((text) => {
      const [firstMedianMs, firstP95Ms, tokenMedianMs, tokenP95Ms] = (pattern.exec(text) ?? []).slice(1).map(Number);
      return {
        firstToken: { medianMs: firstMedianMs, p95Ms: firstP95Ms },
        perToken: { medianMs: tokenMedianMs, p95Ms: tokenP95Ms },
      };
    })
    .pipe(z.object({ firstToken: quantilesSchema, perToken: quantilesSchema })),
]) satisfies z.ZodType<EngineLatency, string>;
