import { clientLimits } from './variables/client-limits.ts';
import { engineVariables } from './variables/engine-variables.ts';
import { localEngineVariables } from './variables/local-engine-variables.ts';
import { processVariables } from './variables/process-variables.ts';
import { redisVariables } from './variables/redis-variables.ts';
import { tracingVariables } from './variables/tracing-variables.ts';
import { webhookVariables } from './variables/webhook-variables.ts';
import { workVariables } from './variables/work-variables.ts';

/**
 * Every environment variable that Parley reads. `parley --help` and `docs/configuration.md` are generated from this
 * table, in this order.
 */
export const variables = {
  ...processVariables,
  ...redisVariables,
  ...clientLimits,
  ...engineVariables,
  ...localEngineVariables,
  ...workVariables,
  ...webhookVariables,
  ...tracingVariables,
} as const;

export type VariableName = keyof typeof variables;
