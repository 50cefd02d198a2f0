import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { startAttack } from './bench/hostile/run-attacker.ts';
import { memoryEnvironment, memoryOf } from './fuzz/memory-of.ts';
import { startLiveSpeaker, startStack } from './harness/index.ts';

const apiKey = 'a-key-of-the-attacking-tenant';
const attacks = ['unfinished messages of 1 MiB on 200 sockets with a key', 'unfinished messages of 60 listeners'];
const attackMs = 10_000;
/** Connections are closed, and the buffers of the last messages collected. */
const settleAttempts = 20;
/** Without glibc's mapping of large buffers, more than 150 MiB stay. */
const maxKeptMib = 50;

it('an edge gives the memory of unfinished messages back after an attack', async () => {
  await using stack = await startStack({ env: { API_KEYS: `clinic:${apiKey}`, ...memoryEnvironment } });
  await using speaker = await startLiveSpeaker(stack, { sourceLanguage: 'en', targetLanguages: ['es'], apiKey });
  const [edge] = stack.edges;
  if (edge === undefined) throw new Error('the stack has no edge');
  const before = await memoryOf(edge);
  const target = { port: Number(new URL(edge.url).port), apiKey, ...speaker.session.started };
  {
    await using attack = startAttack({ target, attacks });
    await delay(attackMs);
    const { counts } = await attack.stop();
    expect(Object.fromEntries(counts)).toMatchObject({ 'close 4413': expect.any(Number) });
  }
  let after = await memoryOf(edge);
  for (let left = settleAttempts; left > 0 && after.resident - before.resident > maxKeptMib; left--) {
    await delay(1000);
    after = await memoryOf(edge);
  }
  expect(after.resident - before.resident).toBeLessThanOrEqual(maxKeptMib);
}, 120_000);
