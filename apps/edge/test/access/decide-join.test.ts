import { expect, it } from '@jest/globals';
import type { FoundCode } from '@parley/redis/session';
import { decideJoin, type JoinDecision } from '../../src/access/decide-join.ts';
import { JoinAttempts } from '../../src/limits/join-attempts.ts';

const session = { tenant: 't', sessionId: 's', hasEnded: false } as const;
const open: FoundCode = { status: 'open', ...session };

/** Tries codes from one address, with at most three wrong ones a minute. */
function address(attempts = new JoinAttempts(3, () => 0)) {
  const join = (find: () => Promise<FoundCode | undefined>, joinCode = 'ABCDEFGHJK'): Promise<JoinDecision> =>
    decideJoin({ joinCode, address: '192.0.2.1', isReturning: false }, { codes: { find }, attempts });
  return {
    join,
    try: async (found: FoundCode | undefined, joinCode?: string) => {
      const decision = await join(() => Promise.resolve(found), joinCode);
      return decision.allowed ? 'allowed' : decision.status;
    },
  };
}

it('counts wrong codes before they are looked up', async () => {
  const { join } = address();
  const lookUps = Array.from({ length: 4 }, () => Promise.withResolvers<undefined>());
  const decisions = lookUps.map(({ promise }, index) => join(() => promise, `WRONGCODE${index}`));
  for (const { resolve } of lookUps) resolve(undefined);
  await expect(Promise.all(decisions)).resolves.toMatchObject([
    { status: 401, kind: 'wrong-code' },
    { status: 401, kind: 'wrong-code' },
    { status: 401, kind: 'wrong-code' },
    { status: 429, kind: 'too-many-tries', retryAfterSeconds: 60 },
  ]);
});

it.each<[string, FoundCode, number | 'allowed']>([
  ['a session', open, 'allowed'],
  ['a waiting room', { status: 'waiting', tenant: 't', room: 'hall' }, 425],
  ['a room whose session has ended', { ...open, room: 'hall', hasEnded: true }, 425],
  ['nothing any more, because it was closed or changed', { status: 'closed' }, 401],
])('does not count a code of %s as wrong', async (_what, found, expected) => {
  const tries = address();
  for (let time = 0; time < 10; time++) await expect(tries.try(found)).resolves.toBe(expected);
  await expect(tries.try(undefined, 'WRONGCODE0')).resolves.toBe(401);
});

it('admits to a waiting room behind an address with many wrong codes', async () => {
  const tries = address();
  await tries.try({ status: 'waiting', tenant: 't', room: 'hall' });
  for (let time = 0; time < 200; time++) await tries.try(undefined, `WRONGCODE${time}`);
  await expect(tries.try(undefined, 'WRONGCODE0')).resolves.toBe(429);
  await expect(tries.try(open)).resolves.toBe('allowed');
});

it('gives the try back if the code could not be looked up', async () => {
  const tries = address();
  for (let time = 0; time < 5; time++) {
    await expect(tries.join(() => Promise.reject(new Error('Redis is gone')))).rejects.toThrow('Redis is gone');
  }
  await expect(tries.try(undefined)).resolves.toBe(401);
});
