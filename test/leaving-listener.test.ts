import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { joinLive, startLiveSession, type Listener, type LiveSession, type ServerMessage } from '@parley/client';
import { startLiveListener, startStack, type TestStack } from './harness/index.ts';

describe('a listener that closes right behind the end of the speaker', () => {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await startStack({ edges: 2, workers: 1 });
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });

  const startSpeaker = (): Promise<LiveSession> => {
    const languages = { sourceLanguage: 'en', targetLanguages: ['es'], listenerLanguages: ['ca'] };
    return startLiveSession({ urls: [stack.streamUrl(0)], ...languages });
  };
  const optionsFor = ({ started }: LiveSession) => ({ joinCode: started.joinCode, targetLanguages: ['es', 'ca'] });
  const speakAndEnd = async (speaker: LiveSession): Promise<void> => {
    await speaker.sendFinal({ segmentId: 1, text: 'one sentence' });
    await speaker.end();
  };
  const finalsIn = (messages: readonly ServerMessage[]): string[] =>
    messages.flatMap((message) => (message.type === 'translation.final' ? [message.targetLanguage] : [])).sort();

  it('has received every final, even if they are still on their way', async () => {
    await using speaker = await startSpeaker();
    const listener = await startLiveListener([stack.streamUrl(0)], optionsFor(speaker));
    listener.socket.stall();
    await speakAndEnd(speaker);
    const closing = listener.listening.close();
    listener.socket.unstall();
    await closing;
    expect(finalsIn(listener.messages)).toEqual(['ca', 'es']);
  });

  it('has received every final, even if its edge is behind that of the speaker', async () => {
    const pid = stack.edges[1]?.child.pid;
    if (pid === undefined) throw new Error('the second edge is not running');
    for (let round = 0; round < 5; round += 1) {
      await using speaker = await startSpeaker();
      const heard: ServerMessage[] = [];
      const listener: Listener = await joinLive({
        urls: [stack.streamUrl(1)],
        ...optionsFor(speaker),
        onMessage: (message) => heard.push(message),
      });
      process.kill(pid, 'SIGSTOP');
      let closing: Promise<void>;
      try {
        await speakAndEnd(speaker);
        closing = listener.close();
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      await closing;
      expect({ round, finals: finalsIn(heard) }).toEqual({ round, finals: ['ca', 'es'] });
    }
  });
});
