import { describe, expect, it } from '@jest/globals';
import { countedTokens } from '../src/openai/chat-request.ts';
import { limitsIn } from '../src/openai/rate-limit-headers.ts';

const none = { perMinute: undefined, remaining: undefined };

describe('what headers tell of the limits', () => {
  it('is read for requests and tokens', () => {
    const headers = {
      'x-ratelimit-limit-requests': '600',
      'x-ratelimit-remaining-requests': '599',
      'x-ratelimit-reset-requests': '100ms',
      'x-ratelimit-limit-tokens': '90000',
      'x-ratelimit-remaining-tokens': '89000',
      'x-ratelimit-reset-tokens': '1.2s',
    };
    expect(limitsIn(headers)).toEqual({
      requests: { perMinute: 600, remaining: 599 },
      tokens: { perMinute: 90_000, remaining: 89_000 },
    });
  });

  it.each([
    ['nothing', {}],
    ['what is no number', { 'x-ratelimit-limit-requests': 'many' }],
    ['a limit a day', { 'x-ratelimit-limit-requests': '200', 'x-ratelimit-reset-requests': '7m12s' }],
    ['no limit at all', { 'x-ratelimit-limit-requests': '0' }],
  ])('is nothing where they tell %s', (_, headers) => {
    expect(limitsIn(headers)).toBeUndefined();
  });

  it('may be one of both', () => {
    expect(limitsIn({ 'x-ratelimit-remaining-tokens': '7' })).toEqual({
      requests: none,
      tokens: { perMinute: undefined, remaining: 7 },
    });
  });
});

describe('what a request counts as', () => {
  it.each([{ max_tokens: 99 }, { max_completion_tokens: 99 }])('is its messages and %j', (bound) => {
    const messages = [{ role: 'user' as const, content: 'x'.repeat(370) }];
    expect(countedTokens({ messages, stream: false, ...bound })).toEqual({ promptTokens: 100, completionTokens: 99 });
  });
});
