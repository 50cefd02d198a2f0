import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from '../src/index.ts';

function problemsOf(environment: Record<string, string>): string {
  try {
    loadConfig(environment);
    return '';
  } catch (error) {
    return error instanceof ConfigError ? error.message : String(error);
  }
}

describe('the variables of OpenTelemetry', () => {
  it('trace nothing by default', () => {
    expect(loadConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: '' })).toMatchObject({
      OTEL_EXPORTER_OTLP_ENDPOINT: undefined,
      OTEL_TRACES_SAMPLER: 'parentbased_always_on',
      OTEL_TRACES_SAMPLER_ARG: 1,
    });
  });

  it.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'https://collector.example.org:4318/otlp'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization=Bearer%20abc, x-scope=a=b'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'deployment.environment.name=test,empty='],
  ])('%s accepts %s', (name, value) => {
    expect(loadConfig({ [name]: value })).toMatchObject({ [name]: value });
  });

  it.each(['0', '1', '0.25', '.5', '1.0'])('OTEL_TRACES_SAMPLER_ARG accepts %s', (value) => {
    expect(loadConfig({ OTEL_TRACES_SAMPLER_ARG: value }).OTEL_TRACES_SAMPLER_ARG).toBe(Number(value));
  });

  it.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'a secret without a name'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'one=1,two'],
    ['OTEL_TRACES_SAMPLER', 'sometimes'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
    ['OTEL_TRACES_SAMPLER_ARG', 'half'],
  ])('%s refuses %s', (name, value) => {
    expect(problemsOf({ [name]: value })).toContain(name);
  });

  it('keeps the value of a header out of the error', () => {
    expect(problemsOf({ OTEL_EXPORTER_OTLP_HEADERS: 'a secret without a name' })).not.toContain('secret without');
  });
});
