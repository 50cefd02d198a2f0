import { EndedSessions } from '@parley/redis/session';
import { createLogger } from '@parley/telemetry';
import { describe, expect, it } from '@jest/globals';
import { openSession } from '../../../packages/redis/test/fixture.ts';
import { redisForFile } from '../../../packages/redis/test/redis-for-file.ts';
import { reportSessionEnd } from '../src/sweeper/report-session-end.ts';

const { redis } = await redisForFile();
const ended = new EndedSessions(redis);

function openLog() {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string): void => void lines.push(JSON.parse(line) as Record<string, unknown>);
  return { lines, logger: createLogger({ LOG_LEVEL: 'info' }, 'worker', { write }) };
}

async function endedSession() {
  const session = await openSession(redis, { targetLanguages: ['es', 'ca'] });
  await session.settle(1, 'what was said', ['es']);
  await session.resolve(1);
  await redis.hset(`{s:${session.sessionId}}:session`, { usagePartials: 7, mostListeners: 12, usageFailed: 2 });
  await session.sessions.end(session.sessionId, 'owner');
  return session;
}

describe('the end of a session', () => {
  it('is logged once, with its counts and nothing that was said, however many workers find it', async () => {
    const { lines, logger } = openLog();
    const { sessionId } = await endedSession();
    const report = () => reportSessionEnd(sessionId, { ended, webhook: undefined, logger });
    await Promise.all([report(), report(), report()]);
    await report();
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        process: 'worker',
        pid: process.pid,
        msg: 'session ended',
        sessionId,
        tenant: 't',
        sourceLanguage: 'en',
        targetLanguages: ['es', 'ca'],
        durationMs: expect.any(Number),
        partials: 7,
        finals: 1,
        translations: 1,
        cached: 0,
        failed: 2,
        tokens: 0,
        mostListeners: 12,
      },
    ]);
  });

  it('is not logged while the session goes on', async () => {
    const { lines, logger } = openLog();
    const { sessionId } = await openSession(redis);
    await reportSessionEnd(sessionId, { ended, webhook: undefined, logger });
    expect(lines).toEqual([]);
  });

  it('is logged once the webhook has the event', async () => {
    const { lines, logger } = openLog();
    const { sessionId } = await endedSession();
    const failure = new Error('Redis is away');
    const webhook = { report: () => Promise.reject(failure) };
    await expect(reportSessionEnd(sessionId, { ended, webhook, logger })).rejects.toBe(failure);
    expect(lines).toEqual([]);
    await reportSessionEnd(sessionId, { ended, webhook: { report: () => Promise.resolve() }, logger });
    expect(lines).toHaveLength(1);
  });
});
