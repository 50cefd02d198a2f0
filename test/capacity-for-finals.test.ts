import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { engineOf, startStack, type TestStack } from './harness/index.ts';
import { startSpeaker } from './harness/speaker.ts';

const connections = 16;
/** All but an eighth. */
const callsForPartials = 14;
const targetLanguages = [
  'es',
  'ca',
  'fr',
  'pt',
  'it',
  'de',
  'nl',
  'sv',
  'da',
  'nb',
  'fi',
  'pl',
  'cs',
  'sk',
  'hu',
  'ro',
];

let stack: TestStack;
beforeAll(async () => {
  const env = {
    ENGINE_CONNECTIONS: String(connections),
    ENGINE_FIRST_TOKEN_TIMEOUT_MS: '20000',
    ENGINE_TOTAL_TIMEOUT_MS: '30000',
  };
  stack = await startStack({ env });
});
afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

it('I13: over HTTP/1.1, finals never wait behind partials for a connection to the engine', async () => {
  const engine = engineOf(stack);
  await engine.hold(true);
  await using busy = await startSpeaker(stack.streamUrl(), { sourceLanguage: 'en', targetLanguages });
  await using quiet = await startSpeaker(stack.streamUrl(), { sourceLanguage: 'en', targetLanguages: ['es'] });
  for (let segmentId = 0; segmentId < 2; segmentId++) {
    busy.session.sendPartial({ segmentId, revision: 0, text: `part ${segmentId}` });
  }
  await engine.held(callsForPartials);

  await quiet.session.sendFinal({ segmentId: 0, text: 'good morning' });
  const held = await engine.held(callsForPartials + 1);
  expect(held.filter(({ text }) => text.startsWith('part'))).toHaveLength(callsForPartials);
  await engine.release({ ids: held.filter(({ text }) => text === 'good morning').map(({ id }) => id) });
  await quiet.waitForMessage(({ type }) => type === 'translation.final');

  await engine.hold(false);
  await engine.release({ all: true });
  expect(await quiet.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 1 } });
});
