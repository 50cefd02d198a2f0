import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from '../src/index.ts';

const secret = { WEBHOOK_SECRET: 'sixteen letters.' };

function problemsOf(environment: Record<string, string>): string {
  try {
    loadConfig(environment);
    return '';
  } catch (error) {
    return error instanceof ConfigError ? error.message : String(error);
  }
}

describe('WEBHOOK_URL', () => {
  it('is an http or https URL with a secret', () => {
    expect(loadConfig({ WEBHOOK_URL: 'https://example.org/hook?token=1', ...secret })).toMatchObject({
      WEBHOOK_URL: 'https://example.org/hook?token=1',
    });
    expect(loadConfig({}).WEBHOOK_URL).toBeUndefined();
  });

  it.each(['ftp://example.org', 'example.org', 'https://user:word@example.org'])('is refused as %s', (url) => {
    const problems = problemsOf({ WEBHOOK_URL: url, ...secret });
    expect(problems).toContain('WEBHOOK_URL');
    expect(problems).not.toContain(url);
  });

  it('needs a secret that is long enough', () => {
    expect(problemsOf({ WEBHOOK_URL: 'https://example.org' })).toContain('needs WEBHOOK_SECRET');
    expect(problemsOf({ WEBHOOK_URL: 'https://example.org', WEBHOOK_SECRET: 'short' })).toContain('WEBHOOK_SECRET');
  });
});
