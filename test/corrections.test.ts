import { connect, correctTranscript, ServerError } from '@parley/client';
import type { ServerMessage } from '@parley/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  engineOf,
  resultOf,
  startLiveListener,
  startLiveSpeaker,
  startStack,
  type TestStack,
} from './harness/index.ts';

const keys = 'one:key-of-tenant-one,two:key-of-tenant-two';
const apiKey = 'key-of-tenant-one';
const english = { sourceLanguage: 'en', targetLanguages: ['es', 'ca'], apiKey };

const correctedTo =
  (text: string) =>
  (message: ServerMessage): boolean =>
    (message.type === 'translation.corrected' || message.type === 'transcript.corrected') && message.text === text;

const corrections = (messages: readonly ServerMessage[]) =>
  messages.filter(({ type }) => type === 'translation.corrected' || type === 'transcript.corrected');

describe('corrections', () => {
  let stack: TestStack;
  beforeAll(async () => (stack = await startStack({ edges: 2, env: { API_KEYS: keys } })));
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });
  beforeEach(() => engineOf(stack).reset());

  async function speak(options: Partial<Parameters<typeof startLiveSpeaker>[1]> = {}) {
    const speaker = await startLiveSpeaker(stack, { ...english, ...options });
    const { sessionId, joinCode } = speaker.session.started;
    const say = async (segmentId: number, text: string) => {
      await speaker.session.sendFinal({ segmentId, text });
      await Promise.all(['es', 'ca'].map((target) => speaker.waitForMessage(resultOf(segmentId, target))));
    };
    const operator = { url: stack.streamUrl(1), apiKey, sessionId };
    return { speaker, sessionId, joinCode, say, operator };
  }

  const transcriptOf = async (sessionId: string, lang: string, format = 'txt'): Promise<string> => {
    const url = new URL(`/v1/sessions/${sessionId}/transcript.${format}?lang=${lang}`, stack.edges[0]?.url);
    return (await fetch(url, { headers: { authorization: `Bearer ${apiKey}` } })).text();
  };

  it('I45: another text is translated anew for everyone, and takes its place in the transcript', async () => {
    const { speaker, sessionId, joinCode, say, operator } = await speak();
    await using host = speaker;
    await using listener = await startLiveListener(stack, { joinCode, targetLanguages: ['en', 'es'] });
    await say(1, 'hello word');
    await say(2, 'the end');
    await correctTranscript({ ...operator, segmentId: 1, text: 'hello world' });
    for (const client of [host, listener]) {
      await client.waitForMessage(correctedTo('hello world'));
      await client.waitForMessage(correctedTo('[es] hello world'));
    }
    await host.waitForMessage(correctedTo('[ca] hello world'));
    expect(await transcriptOf(sessionId, 'en')).toBe('hello world\nthe end\n');
    expect(await transcriptOf(sessionId, 'es')).toBe('[es] hello world\n[es] the end\n');
    const [line] = (JSON.parse(await transcriptOf(sessionId, 'es', 'json')) as { lines: object[] }).lines;
    expect(line).toMatchObject({ segmentId: 1, text: '[es] hello world' });
    expect((await host.end()).violations).toEqual([]);
    await listener.waitForMessage(({ type }) => type === 'session.ended');
    expect(listener.judge(host)).toEqual([]);
    expect(corrections(listener.messages)).toHaveLength(2);
  });

  it('I45: another translation needs no engine, is sent again after a resume, and to those who join later', async () => {
    const { speaker, sessionId, joinCode, say, operator } = await speak();
    await using host = speaker;
    await say(1, 'good morning');
    const { requests } = await engineOf(stack).stats();
    host.socket.cut();
    await correctTranscript({ ...operator, segmentId: 1, targetLanguage: 'es', text: 'buenos días' });
    await host.waitForMessage(correctedTo('buenos días'));
    await using listener = await startLiveListener(stack, { joinCode, targetLanguages: ['es'] });
    await listener.waitForMessage(correctedTo('buenos días'));
    const [final, correction] = listener.messages.filter(({ type }) => type.startsWith('translation.'));
    expect(final).toMatchObject({ type: 'translation.final', text: '[es] good morning' });
    expect(correction).toMatchObject({ type: 'translation.corrected', segmentId: 1, targetLanguage: 'es' });
    expect((await engineOf(stack).stats()).requests).toBe(requests);
    expect(await transcriptOf(sessionId, 'es')).toBe('buenos días\n');
    expect(await transcriptOf(sessionId, 'en')).toBe('good morning\n');
    // What is corrected by hand is not the translation of the same text elsewhere.
    await say(2, 'good morning');
    expect(host.messages.find(resultOf(2, 'es'))).toMatchObject({ text: '[es] good morning' });
    expect((await host.end()).violations).toEqual([]);
  });

  it('corrections do not take the place of the newest finals that a new listener gets', async () => {
    const { speaker, joinCode, say } = await speak();
    await using host = speaker;
    for (const segmentId of [1, 2, 3]) await say(segmentId, `sentence ${segmentId}`);
    const again = ['a', 'b', 'c', 'd', 'e'];
    for (const text of again) await host.session.correct({ segmentId: 3, text, targetLanguage: 'es' });
    await using listener = await startLiveListener(stack, { joinCode, targetLanguages: ['es'] });
    await listener.waitForMessage(correctedTo('e'));
    const finals = listener.messages.filter((message) => message.type === 'translation.final');
    expect(finals.map(({ segmentId }) => segmentId)).toEqual([1, 2, 3]);
  });

  it('I45: a correction follows the final of its target, and the newest correction wins', async () => {
    const engine = engineOf(stack);
    for (const ordered of [false, true]) {
      // Equal texts would share a call.
      const second = ordered ? 'second' : 'the second';
      const { speaker, sessionId, operator } = await speak({ ordered });
      await using host = speaker;
      await engine.hold(true);
      await host.session.sendFinal({ segmentId: 1, text: `${second} is next` });
      await host.session.sendFinal({ segmentId: 2, text: `not ${second}` });
      await engine.held(4);
      const early = host.session.correct({ segmentId: 2, text: 'segundo', targetLanguage: 'es' });
      await expect(early).rejects.toMatchObject({ code: 'segment-not-settled', retryable: true });
      await correctTranscript({ ...operator, segmentId: 2, text: `a draft of ${second}` });
      await correctTranscript({ ...operator, segmentId: 2, text: '' });
      await correctTranscript({ ...operator, segmentId: 2, text: second });
      // In an ordered session, the second finals wait for the first.
      const ofSecond = (await engine.held()).filter(({ text }) => text === `not ${second}`);
      await engine.release({ ids: ofSecond.map(({ id }) => id) });
      await engine.hold(false);
      await engine.release({ all: true });
      await Promise.all(['es', 'ca'].map((target) => host.waitForMessage(correctedTo(`[${target}] ${second}`))));
      await host.session.correct({ segmentId: 2, text: 'segundo', targetLanguage: 'es' });
      await host.waitForMessage(correctedTo('segundo'));
      expect((await host.end()).violations).toEqual([]);
      const texts = corrections(host.messages).map((message) => ('text' in message ? message.text : ''));
      expect(texts.slice(0, 3)).toEqual([`a draft of ${second}`, '', second]);
      expect(texts.slice(3, 5).sort()).toEqual([`[ca] ${second}`, `[es] ${second}`]);
      expect(texts.slice(5)).toEqual(['segundo']);
      expect(await transcriptOf(sessionId, 'es')).toBe(`[es] ${second} is next\nsegundo\n`);
    }
  });

  it('I45: a translation by hand replaces one that is being made of an earlier correction', async () => {
    const engine = engineOf(stack);
    const { speaker, say, operator } = await speak();
    await using host = speaker;
    await say(1, 'hello');
    await engine.hold(true);
    await correctTranscript({ ...operator, segmentId: 1, text: 'hello there' });
    await engine.held(2);
    await correctTranscript({ ...operator, segmentId: 1, targetLanguage: 'es', text: 'hola' });
    await engine.hold(false);
    await engine.release({ all: true });
    await host.waitForMessage(correctedTo('[ca] hello there'));
    expect((await host.end()).violations).toEqual([]);
    const es = host.messages.filter(
      (message) => message.type === 'translation.corrected' && message.targetLanguage === 'es',
    );
    expect(es).toMatchObject([{ text: 'hola' }]);
  });

  it('I45: a blank text clears a line, and a failed translation can be corrected', async () => {
    const engine = engineOf(stack);
    const { speaker, sessionId, say, operator } = await speak();
    await using host = speaker;
    await say(1, 'something private');
    await engine.fail({ text: 'it fails', target: 'es', status: 400 });
    await say(2, 'it fails');
    expect(host.messages.find(resultOf(2, 'es'))).toMatchObject({ type: 'translation.failed' });
    await correctTranscript({ ...operator, segmentId: 1, text: ' \u200b\n' });
    await correctTranscript({ ...operator, segmentId: 2, targetLanguage: 'es', text: 'falla' });
    await host.waitForMessage(correctedTo('falla'));
    expect(corrections(host.messages).filter((message) => 'text' in message && message.text === '')).toHaveLength(3);
    expect(await transcriptOf(sessionId, 'es')).toBe('falla\n');
    expect(await transcriptOf(sessionId, 'en')).toBe('it fails\n');
    expect((await host.end()).violations).toEqual([]);
  });

  it('I45: the same correction again is accepted and changes nothing', async () => {
    const { speaker, say, operator } = await speak();
    await using host = speaker;
    await say(1, 'one');
    const first = { ...operator, segmentId: 1, targetLanguage: 'es', text: 'uno', correctionId: 'a' };
    await correctTranscript(first);
    await correctTranscript({ ...operator, segmentId: 1, targetLanguage: 'es', text: 'un', correctionId: 'b' });
    await correctTranscript(first);
    await host.session.correct({ segmentId: 1, targetLanguage: 'ca', text: 'u' });
    await host.waitForMessage(correctedTo('u'));
    expect(corrections(host.messages)).toMatchObject([{ text: 'uno' }, { text: 'un' }, { text: 'u' }]);
  });

  it('refuses a correction that can have no effect, and tells why', async () => {
    const { speaker, sessionId, joinCode, say, operator } = await speak();
    await using host = speaker;
    await say(1, 'one');
    await using client = await connect({ url: operator.url, apiKey });
    const wrong = async (fields: object, by = client) => {
      const error: unknown = await by
        .correct({ sessionId, segmentId: 1, text: 'x', ...fields })
        .catch((thrown: unknown) => thrown);
      return error instanceof ServerError ? error.code : error;
    };
    expect(await wrong({ segmentId: 2 })).toBe('segment-not-settled');
    expect(await wrong({ sessionId: 'nobody' })).toBe('session-unknown');
    expect(await wrong({ targetLanguage: 'fr' })).toBe('language-not-offered');
    expect(await wrong({ targetLanguage: 'french' })).toBe('invalid-field');
    expect(await wrong({ text: 'x'.repeat(100_000) })).toBe('text-too-long');
    await using stranger = await connect({ url: operator.url, apiKey: 'key-of-tenant-two' });
    expect(await wrong({}, stranger)).toBe('session-unknown');
    await using reader = await connect({ url: operator.url, joinCode });
    expect(await wrong({}, reader)).toBe('listen-only');
    await using tokens = new AsyncDisposableStack();
    const withToken = async (grant: object) => {
      const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ ...grant, expiresInSeconds: 60 });
      const reply = await fetch(new URL('/v1/tokens', stack.edges[0]?.url), { method: 'POST', headers, body });
      const { token } = (await reply.json()) as { token: string };
      return tokens.use(await connect({ url: operator.url, apiKey: token }));
    };
    expect(await wrong({}, await withToken({ scope: 'listen' }))).toBe('listen-only');
    expect(await wrong({}, await withToken({ scope: 'speak' }))).toBe('not-permitted');
    expect(await wrong({}, await withToken({ scope: 'speak', sessionId }))).toBeUndefined();
    await host.end();
    expect(await wrong({})).toBe('session-ending');
  });
});
