import { Gauge } from 'prom-client';
import type { MetricsRegistry } from './metrics-registry.ts';
import type { RedisHealth } from './redis-health.ts';

/**
 * Adds to the registry of a process whether Redis supports what the process needs. The series is there from the start, so its
 * absence shows that there is no such process.
 */
export function createRedisMetric(
  registry: MetricsRegistry,
  process: 'edge' | 'worker' | 'dashboard',
  health: Pick<RedisHealth, 'isUsable'>,
): void {
  new Gauge({
    name: 'parley_redis_usable',
    help: 'Whether Redis supports what the process needs (1) or not (0), by process.',
    labelNames: ['process'],
    registers: [registry],
    collect() {
      this.set({ process }, health.isUsable ? 1 : 0);
    },
  });
}
