import type { ServerMessage, SessionListeners } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventClient } from '../apps/edge/test/http-api/event-client.ts';
import { startLiveListener, startLiveSpeaker, startStack, type LiveListener, type TestStack } from './harness/index.ts';

describe('session.listeners', () => {
  let stack: TestStack;
  beforeAll(async () => (stack = await startStack({ edges: 2, workers: 0 })));
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });

  it('tells the speaker alone how many listen to each language, on every edge and over server-sent events', async () => {
    const [here, there] = [stack.streamUrl(0), stack.streamUrl(1)];
    await using host = await startLiveSpeaker([here], { sourceLanguage: 'en', targetLanguages: ['es', 'ca'] });
    const { joinCode } = host.session.started;
    const join = (url: string, ...targetLanguages: string[]): Promise<LiveListener> =>
      startLiveListener([url], { joinCode, targetLanguages });
    const heard = (listeners: number, languages: Record<string, number>) =>
      host.waitForMessage((message) => message.type === 'session.listeners' && equal(message, listeners, languages));

    const first = await join(there, 'es', 'en');
    await heard(1, { es: 1, en: 1 });
    await using second = await join(here, 'es');
    await heard(2, { es: 2, en: 1 });
    expect(host.session.audience).toMatchObject({ listeners: 2, languages: [{ language: 'es', listeners: 2 }, {}] });
    await first.listening.close();
    await heard(1, { es: 1 });
    const events = await EventClient.open(new URL(`/v1/listen/${joinCode}/events?lang=ca`, stack.edges[1]?.url).href);
    await heard(2, { es: 1, ca: 1 });

    // Resuming tells it anew, also if everyone has left meanwhile.
    host.socket.cut();
    await host.waitForMessage(({ type }) => type === 'session.resumed');
    const known = new Set<ServerMessage>(host.messages);
    await host.waitForMessage((message) => message.type === 'session.listeners' && !known.has(message));
    const before = new Set<ServerMessage>(host.messages);
    await events[Symbol.asyncDispose]();
    // The last listener of its edge, which does not leave this to its lease of 15 s.
    await host.waitForMessage((message) => message.type === 'session.listeners' && !before.has(message), 10_000);
    expect(host.session.audience).toMatchObject({ listeners: 1, languages: [{ language: 'es', listeners: 1 }] });
    second.socket.cut();
    await second.listening.close();
    await heard(0, {});
    for (const { messages } of [first, second, events]) {
      expect(messages.map(({ type }) => type)).not.toContain('session.listeners');
    }
  });
});

function equal(message: SessionListeners, listeners: number, languages: Record<string, number>): boolean {
  const counts = Object.fromEntries(message.languages.map(({ language, listeners }) => [language, listeners]));
  const sorted = (of: Record<string, number>) => JSON.stringify(Object.entries(of).sort());
  return message.listeners === listeners && sorted(counts) === sorted(languages);
}
