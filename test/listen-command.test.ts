import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startParley } from '../apps/cli/test/run-parley.ts';
import { startLiveSpeaker, startStack, type TestStack } from './harness/index.ts';

let stack: TestStack;
beforeAll(async () => (stack = await startStack({ edges: 2 })));
afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

it('I3, I23: parley listen prints every final once and in order although its edge is killed, and ends with the talk', async () => {
  const urls = [stack.streamUrl(0), stack.streamUrl(1)] as const;
  await using speaker = await startLiveSpeaker([urls[1], urls[0]], {
    ...{ sourceLanguage: 'en', targetLanguages: ['es'], ordered: true },
  });
  const { joinCode } = speaker.session.started;
  await using listener = startParley(['listen', joinCode, '--to', 'es', '--url', urls.join(',')]);
  const say = async (from: number, to: number): Promise<void> => {
    for (let segmentId = from; segmentId < to; segmentId++)
      await speaker.session.sendFinal({ segmentId, text: `This is sentence ${segmentId}.` });
  };
  await say(0, 1);
  expect(await listener.nextLine()).toContain('sentence 0');
  await say(1, 5);
  await stack.kill('edges', 0);
  await say(5, 10);
  for (let segmentId = 1; segmentId < 10; segmentId++)
    expect(await listener.nextLine()).toContain(`sentence ${segmentId}`);
  await speaker.session.end();
  const { exitCode, stdout } = await listener.ended;
  expect(stdout).toHaveLength(10);
  expect(exitCode).toBe(0);
});
