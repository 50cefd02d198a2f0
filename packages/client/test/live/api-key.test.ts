import { describe, expect, it } from '@jest/globals';
import { ApiKeyError, DeadlineError, startLiveSession } from '../../src/index.ts';
import { started } from '../scripted-edge.ts';
import { respondTo, resumed, sessionOptions, startLiveEdge, startsSessions } from './live-edge.ts';

describe('the option apiKey', () => {
  it('may be a function, which is called before each attempt to connect', async () => {
    const seen: unknown[] = [];
    const cuts = respondTo({
      'session.start': (_message, { request, send, socket }) => {
        seen.push(request.headers.authorization);
        send(started);
        setImmediate(() => socket.close(1012));
      },
    });
    const resumes = respondTo({
      'session.resume': (_message, { request, send }) => {
        seen.push(request.headers.authorization);
        send(resumed());
      },
    });
    await using edge = await startLiveEdge(cuts, resumes);
    let calls = 0;
    const apiKey = () => `key-${(calls += 1)}`;
    const isResumed = Promise.withResolvers<unknown>();
    const on = { resumed: isResumed.resolve };
    await using session = await startLiveSession({ urls: [edge.url], apiKey, on, ...sessionOptions });
    await isResumed.promise;
    expect(session.started).toEqual(started);
    expect(seen).toEqual(['Bearer key-1', 'Bearer key-2']);
  });

  it('is asked again after an error, which is reported', async () => {
    await using edge = await startLiveEdge(startsSessions);
    const reported: Error[] = [];
    let calls = 0;
    const apiKey = async () => {
      calls += 1;
      if (calls === 1) throw new TypeError('fetch failed');
      return Promise.resolve('key');
    };
    const on = { reconnecting: ({ error }: { error: Error }) => void reported.push(error) };
    await using session = await startLiveSession({ urls: [edge.url], apiKey, on, ...sessionOptions });
    expect(session.started.sessionId).toBe(started.sessionId);
    expect(reported).toEqual([expect.any(ApiKeyError)]);
    expect(reported[0]).toMatchObject({
      message: 'the function apiKey failed: fetch failed',
      cause: { name: 'TypeError' },
    });
  });

  it('has a time limit, and is told to give up', async () => {
    const signals: AbortSignal[] = [];
    const apiKey = ({ signal }: { signal: AbortSignal }) => {
      signals.push(signal);
      return new Promise<string>(() => undefined);
    };
    const starting = startLiveSession(
      { urls: ['ws://127.0.0.1:1'], apiKey, openTimeoutMs: 1, ...sessionOptions },
      { timeoutMs: 500 },
    );
    await expect(starting).rejects.toMatchObject({ name: 'DeadlineError', cause: expect.any(DeadlineError) });
    expect(signals.length).toBeGreaterThan(1);
    for (const signal of signals) expect(signal.aborted).toBe(true);
  });

  it('that is not a key or token, or returns none, is an error at once', async () => {
    const options = { urls: ['ws://127.0.0.1:1'] as [string], ...sessionOptions };
    for (const apiKey of [7, () => undefined, () => Promise.resolve('')]) {
      const starting = startLiveSession({ ...options, apiKey: apiKey as unknown as string });
      await expect(starting).rejects.toThrow(TypeError);
    }
  });
});
