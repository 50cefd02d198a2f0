import { z } from 'zod';
import { choice, custom, optional, type ProcessName, type Variable } from '../variable.ts';

const readBy: readonly ProcessName[] = ['up', 'edge', 'worker'];
const listOfPairs = z.string().regex(/^\s*[^\s=,]+\s*=[^,]*(,\s*[^\s=,]+\s*=[^,]*)*$/);

/** OpenTelemetry, by its own names for these variables. */
export const tracingVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(z.url({ protocol: /^https?$/ }), {
    allowed: 'an http or https URL',
    description:
      'The OpenTelemetry collector that receives traces (docs/tracing.md), by OTLP over HTTP; `/v1/traces` is added. Unset: nothing is traced.',
    readBy,
  }),
  OTEL_EXPORTER_OTLP_HEADERS: optional(listOfPairs, {
    allowed: 'NAME=VALUE pairs separated by commas',
    description: 'Headers of the requests to the collector, such as a key.',
    readBy,
    secret: true,
  }),
  OTEL_SERVICE_NAME: optional(z.string().min(1), {
    allowed: 'a name',
    description: 'The name of the service in traces. Unset: `parley-edge` or `parley-worker`.',
    readBy,
  }),
  OTEL_RESOURCE_ATTRIBUTES: optional(listOfPairs, {
    allowed: 'NAME=VALUE pairs separated by commas',
    description: 'Attributes that all spans have, such as `deployment.environment.name=production`.',
    readBy,
  }),
  OTEL_TRACES_SAMPLER: choice(
    [
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ],
    'parentbased_always_on',
    { description: 'Which captions are traced. The edge decides when a transcript arrives.', readBy },
  ),
  OTEL_TRACES_SAMPLER_ARG: custom(
    z
      .string()
      .regex(/^(\d|\d?\.\d{1,9}|\d\.)$/)
      .transform(Number)
      .pipe(z.number().max(1)),
    '1',
    {
      allowed: 'a number from 0 to 1',
      description: 'The share of captions that the samplers `traceidratio` and `parentbased_traceidratio` trace.',
      readBy,
    },
  ),
} as const satisfies Record<string, Variable>;
