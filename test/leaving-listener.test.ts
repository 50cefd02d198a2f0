import { describe, expect, it } from '@jest/globals';
import { joinLive, startLiveSession, type ServerMessage } from '@parley/client';
import { startStack } from './harness/index.ts';

const sessions = 20;

describe('a listener that closes right behind the end of the speaker', () => {
  it('has received every final, also on another edge', async () => {
    await using stack = await startStack({ edges: 2, workers: 1 });
    for (let round = 0; round < sessions; round += 1) {
      const languages = { sourceLanguage: 'en', targetLanguages: ['es'], listenerLanguages: ['ca'] };
      await using speaker = await startLiveSession({ urls: [stack.streamUrl(0)], ...languages });
      const heard: ServerMessage[] = [];
      const listener = await joinLive({
        urls: [stack.streamUrl(round % 2)],
        joinCode: speaker.started.joinCode,
        targetLanguages: ['es', 'ca'],
        onMessage: (message) => heard.push(message),
      });
      await speaker.sendFinal({ segmentId: 1, text: `sentence ${round}` });
      await speaker.end();
      await listener.close();
      const finals = heard.flatMap((message) => (message.type === 'translation.final' ? [message.targetLanguage] : []));
      expect({ round, finals: finals.sort() }).toEqual({ round, finals: ['ca', 'es'] });
    }
  });
});
