import { LogReader } from '@parley/redis/log';
import { Presence, Resumption, SessionErasure } from '@parley/redis/session';
import { bounds, languages, longText, openFull } from './full-session.ts';
import type { ScriptCase } from './script-case.ts';

/** Segments that fill the bytes of open segments. */
const fullSegmentText = 'x'.repeat(1000);

/** The scripts of sessions. */
export const sessionCases: readonly ScriptCase[] = [
  {
    script: 'session/resume',
    worstCase: '2,048 finals reported by the client, 3,072 outstanding translations, last writes lost',
    prepare: async (redis) => {
      const session = await openFull(redis);
      await session.fillOutstanding();
      const resumption = new Resumption(redis);
      const held = Array.from({ length: bounds.held }, (_, index) => index + 1);
      return {
        keys: session.pattern,
        run: (round) =>
          resumption.resume({
            sessionId: session.sessionId,
            tenant: 't',
            connection: `connection-${round}`,
            tokenHash: round === 0 ? 'first' : `token-${round - 1}`,
            nextTokenHash: `token-${round}`,
            offset: session.head + 1,
            held,
          }),
      };
    },
  },
  {
    script: 'session/renew',
    worstCase: '80 languages requested on this edge, and on four others',
    prepare: async (redis) => {
      const session = await openFull(redis);
      const presence = new Presence(redis);
      const renew = (edge: string) =>
        presence.renewLease({
          sessionId: session.sessionId,
          owner: 'owner',
          edge,
          languages: languages(bounds.targets),
        });
      for (const edge of ['b', 'c', 'd', 'e']) await renew(edge);
      return { keys: session.pattern, run: () => renew('a') };
    },
  },
  {
    script: 'session/open-partials',
    worstCase: '32 open segments with 20 translations, 3,072 outstanding translations',
    prepare: async (redis) => {
      const session = await openFull(redis);
      await session.fillOutstanding(100);
      for (let id = 1; id <= bounds.openSegments; id++) await session.openSegment(id, fullSegmentText, languages(20));
      const log = new LogReader(redis);
      return { keys: session.pattern, run: () => log.readOpenPartials(session.sessionId) };
    },
  },
  {
    script: 'log/read',
    worstCase: 'the newest 512 entries of a full log of short ones, as a new listener reads it',
    prepare: async (redis) => {
      const session = await openFull(redis);
      await session.fillLog();
      const log = new LogReader(redis);
      return { keys: session.pattern, run: () => log.readNewest(session.sessionId, 512, 1024 * 1024) };
    },
  },
  {
    script: 'session/update',
    worstCase: '500 terms of a glossary, 32 open segments, a pause',
    prepare: async (redis) => {
      const session = await openFull(redis);
      for (let id = 1; id <= bounds.openSegments; id++) await session.openSegment(id, 'hello', languages(20));
      const glossary = Array.from({ length: 500 }, (_, index) => ({
        source: '語'.repeat(50),
        target: `${index}語`.repeat(10),
      }));
      const settings = { ...session.settings, glossary };
      return {
        keys: session.pattern,
        run: (round) => session.sessions.update(session.sessionId, 'owner', { ...settings, paused: round % 2 === 0 }),
      };
    },
  },
  {
    script: 'session/erase',
    worstCase: 'everything full',
    prepare: async (redis) => {
      let session = await openFull(redis);
      return {
        keys: session.pattern,
        before: async () => {
          await redis.flushall();
          session = await openFull(redis);
          await session.fillLog();
          await session.fillOutstanding(100);
          for (let id = 1; id <= bounds.openSegments; id++) await session.openSegment(id, longText, ['es']);
        },
        run: () =>
          new SessionErasure(redis).erase(session.sessionId, { sourceLanguage: 'en', targetLanguages: ['es'] }),
      };
    },
  },
];
