import { describe, expect, it } from '@jest/globals';
import type { ServerMessage } from '@parley/protocol';
import type { TranscriptReply } from '@parley/protocol/http-api';
import { PendingStore } from '@parley/redis/pending';
import { parseSubtitles } from '@parley/subtitles';
import { call, edgesForFile } from './edges-for-file.ts';
import { StreamClient } from './stream-client.ts';

const [key, otherKey] = ['a-key-of-this-test-alone', 'the-key-of-other-tenant'];
const env = { API_KEYS: `clinic:${key},church:${otherKey}` };
const { urls, redis } = await edgesForFile(env);
const pending = new PendingStore(redis);
const open = (credential = `bearer.${key}`, edge: 0 | 1 = 0) => StreamClient.open(urls[edge], credential);

const urlOf = (sessionId: string, format: string, query: string): string =>
  `${urls[1]}/v1/sessions/${sessionId}/transcript.${format}?${query}`;

async function textOf(sessionId: string, format: string, lang: string): Promise<{ headers: Headers; text: string }> {
  const headers = { authorization: `Bearer ${key}` };
  const response = await fetch(urlOf(sessionId, format, `lang=${lang}`), { headers });
  expect(response.status).toBe(200);
  return { headers: response.headers, text: await response.text() };
}

async function jsonOf(sessionId: string, query: string, apiKey: string | undefined = key): Promise<TranscriptReply> {
  const { status, body } = await call(urlOf(sessionId, 'json', query), { key: apiKey });
  expect([status, body]).toEqual([200, expect.anything()]);
  return body as TranscriptReply;
}

async function tokenFor(request: object): Promise<string> {
  const reply = await call(`${urls[0]}/v1/tokens`, { method: 'POST', key, body: { expiresInSeconds: 60, ...request } });
  return (reply.body as { token: string }).token;
}

async function say(host: StreamClient, segmentId: number, text: string, fields: object = {}): Promise<void> {
  host.send({ type: 'transcript.final', segmentId, text, ...fields });
  await host.waitForMessage((message) => message.type === 'transcript.accepted' && message.segmentId === segmentId);
}

/** Resolves a final as a worker does. */
async function translate(
  sessionId: string,
  segmentId: number,
  target: string,
  text: string,
  { startMs, endMs }: { startMs?: number; endMs?: number } = {},
): Promise<void> {
  const times = startMs === undefined || endMs === undefined ? {} : { startMs, endMs };
  const metadata = { v: 1, language: 'en', receivedAtMs: Date.now(), ...times } as const;
  const result = { type: 'translation', segmentId, targetLanguage: target, text, cached: false } as const;
  const resolved = { ...metadata, ...result, queueMs: 0, engineMs: 0 };
  expect(await pending.resolve({ sessionId, segmentId, target }, resolved)).toBe('resolved');
}

async function end(host: StreamClient): Promise<void> {
  host.send({ type: 'session.end' });
  await host.waitForMessage(({ type }) => type === 'session.ended');
}

/** As if the minute were over after which the keys of an ended session expire. */
const forgetSession = (sessionId: string) => redis.del(`{s:${sessionId}}:session`, `{s:${sessionId}}:log`);

const isFinal = (message: ServerMessage) => message.type === 'translation.final' || message.type === 'transcript.final';

/** The texts of subtitles, without their lines. */
const wordsOf = (file: string): string =>
  parseSubtitles(file)
    .cues.map(({ text }) => text.replaceAll('\n', ' '))
    .join(' ');

const spoken = [
  'Good morning.',
  'We have a lot to talk about today, so please take your seats, and let us begin with the first of the three points.',
  'Thank you.',
];

describe('GET /v1/sessions/ID/transcript', () => {
  it('I42: is in each language what listeners were shown, while the session runs and afterwards', async () => {
    await using host = await open();
    const { sessionId, joinCode } = await host.start({ targetLanguages: ['es', 'fr'] });
    const languages = ['en', 'es', 'fr'];
    const listeners = await Promise.all(
      languages.map(async (language) => {
        const listener = await open(`join.${joinCode}`, 1);
        await listener.ask({ type: 'session.join', joinCode, targetLanguages: [language] });
        return listener;
      }),
    );
    for (const [index, text] of spoken.entries()) {
      const times = { startMs: 1000 + index * 10_000, endMs: 9000 + index * 10_000 };
      await say(host, index, text, times);
      for (const target of ['es', 'fr']) await translate(sessionId, index, target, `${target}: ${text}`, times);
    }
    const shown: string[] = [];
    for (const listener of listeners) {
      await listener.waitForMessage((message) => isFinal(message) && 'segmentId' in message && message.segmentId === 2);
      const finals = listener.messages.flatMap((message) =>
        isFinal(message) && 'text' in message ? [message.text] : [],
      );
      expect(finals).toHaveLength(3);
      shown.push(finals.join(' '));
      await listener[Symbol.asyncDispose]();
    }

    const downloads = async () => {
      const texts = await Promise.all(
        languages.map(async (lang) => [
          (await textOf(sessionId, 'srt', lang)).text,
          (await textOf(sessionId, 'vtt', lang)).text,
          (await textOf(sessionId, 'txt', lang)).text,
        ]),
      );
      for (const [index, [srt = '', vtt = '', txt = '']] of texts.entries()) {
        expect(wordsOf(srt)).toBe(shown[index]);
        expect(wordsOf(vtt)).toBe(shown[index]);
        expect(vtt).toContain(`Language: ${languages[index]}\n`);
        expect(txt.trim().replaceAll('\n', ' ')).toBe(shown[index]);
        expect(parseSubtitles(srt).cues[0]?.startMs).toBe(1000);
      }
      return texts;
    };
    const live = await downloads();
    expect(await jsonOf(sessionId, 'lang=es')).toEqual({
      sessionId,
      startedAt: expect.stringMatching(/Z$/),
      sourceLanguage: 'en',
      language: 'es',
      ended: false,
      truncated: false,
      lines: spoken.map((text, segmentId) => ({
        segmentId,
        text: `es: ${text}`,
        language: 'es',
        receivedAt: expect.stringMatching(/Z$/),
        startMs: 1000 + segmentId * 10_000,
        endMs: 9000 + segmentId * 10_000,
      })),
      failed: [],
    });
    await end(host);
    await forgetSession(sessionId);
    expect(await downloads()).toEqual(live);
    expect(await jsonOf(sessionId, 'lang=es-MX')).toMatchObject({ language: 'es', ended: true });
    expect((await jsonOf(sessionId, `lang=fr&joinCode=${joinCode}`, '')).lines).toHaveLength(3);
  });

  it('I42: has the finals in the order of acceptance, without cleared and failed ones', async () => {
    await using host = await open();
    const { sessionId } = await host.start();
    await say(host, 5, 'First');
    await say(host, 3, 'Second');
    await say(host, 7, '');
    await say(host, 8, 'Failed');
    await say(host, 9, 'Segundo', { language: 'es' });
    await say(host, 9, 'Segundo', { language: 'es' });
    await say(host, 10, 'Outstanding');
    const failed = {
      v: 1,
      type: 'failed',
      segmentId: 8,
      targetLanguage: 'es',
      code: 'engine-bad-reply',
      message: '',
    } as const;
    await pending.resolve({ sessionId, segmentId: 8, target: 'es' }, failed);
    await translate(sessionId, 3, 'es', 'es Second');
    await translate(sessionId, 5, 'es', 'es First');
    const { lines, failed: failures } = await jsonOf(sessionId, 'lang=es');
    expect(lines).toMatchObject([
      { segmentId: 5, text: 'es First' },
      { segmentId: 3, text: 'es Second' },
      { segmentId: 9, text: 'Segundo', flags: ['source'] },
    ]);
    expect(failures).toEqual([{ segmentId: 8, code: 'engine-bad-reply' }]);
    const { text } = await textOf(sessionId, 'txt', 'en');
    expect(text).toBe('First\nSecond\nFailed\nSegundo\nOutstanding\n');
  });

  it('has the types and names of files', async () => {
    await using host = await open();
    const { sessionId } = await host.start();
    for (const [format, type] of [
      ['srt', 'application/x-subrip; charset=utf-8'],
      ['vtt', 'text/vtt; charset=utf-8'],
      ['txt', 'text/plain; charset=utf-8'],
      ['json', 'application/json; charset=utf-8'],
    ] as const) {
      const { headers } = await textOf(sessionId, format, 'es');
      expect(headers.get('content-type')).toBe(type);
      expect(headers.get('content-disposition')).toBe(`attachment; filename="${sessionId}.es.${format}"`);
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  it('says if its beginning is missing', async () => {
    await using host = await open();
    const { sessionId } = await host.start();
    await redis.hset(`{s:${sessionId}}:session`, 'transcriptMaxBytes', '1');
    await say(host, 1, 'Removed');
    await say(host, 2, 'Kept');
    const { headers, text } = await textOf(sessionId, 'txt', 'en');
    expect([text, headers.get('parley-transcript-truncated')]).toEqual(['Kept\n', 'true']);
    expect(await jsonOf(sessionId, 'lang=en')).toMatchObject({ truncated: true });
  });

  it('I41: is erased with its session', async () => {
    await using host = await open();
    const { sessionId, joinCode } = await host.start();
    await say(host, 1, 'secret');
    await call(`${urls[0]}/v1/sessions/${sessionId}`, { method: 'DELETE', key });
    const unknown = { status: 404, body: { error: { code: 'session-unknown' } } };
    expect(await call(urlOf(sessionId, 'json', 'lang=en'), { key })).toMatchObject(unknown);
    expect(await call(urlOf(sessionId, 'json', `lang=en&joinCode=${joinCode}`))).toMatchObject({ status: 404 });
    await forgetSession(sessionId);
    expect(await call(urlOf(sessionId, 'json', 'lang=en'), { key })).toMatchObject(unknown);
  });

  it('I41: is erased on request when its session is already forgotten, but not by others', async () => {
    await using host = await open();
    const { sessionId } = await host.start();
    await say(host, 1, 'secret');
    await translate(sessionId, 1, 'es', 'secreto');
    await end(host);
    await forgetSession(sessionId);
    const erase = (apiKey: string) => call(`${urls[0]}/v1/sessions/${sessionId}`, { method: 'DELETE', key: apiKey });
    expect(await erase(otherKey)).toMatchObject({ status: 404 });
    await textOf(sessionId, 'txt', 'en');
    expect(await erase(key)).toMatchObject({ status: 204 });
    expect(await redis.exists(`{s:${sessionId}}:transcript`)).toBe(0);
    expect(await erase(key)).toMatchObject({ status: 404, body: { error: { code: 'session-unknown' } } });
  });

  it('is gone after the retention, and never there without one', async () => {
    await using host = await open();
    const { sessionId } = await host.start();
    await end(host);
    await textOf(sessionId, 'srt', 'en');
    await redis.del(`{s:${sessionId}}:transcript`);
    const unknown = { status: 404, body: { error: { code: 'session-unknown' } } };
    expect(await call(urlOf(sessionId, 'srt', 'lang=en'), { key })).toMatchObject(unknown);

    await using otherHost = await open();
    const other = await otherHost.start();
    await redis.hset(`{s:${other.sessionId}}:session`, 'transcriptRetentionMs', '0');
    await say(otherHost, 1, 'secret');
    expect(await call(urlOf(other.sessionId, 'srt', 'lang=en'), { key })).toMatchObject({
      status: 404,
      body: {
        error: { code: 'transcript-not-kept', message: expect.stringContaining('TRANSCRIPT_RETENTION_MINUTES') },
      },
    });
  });
});

describe('who may read a transcript', () => {
  it('I40: a key or token of its tenant', async () => {
    await using host = await open();
    const { sessionId } = await host.start({ listenerLanguages: ['ca'] });
    const statusWith = async (credential: string | undefined, lang = 'es'): Promise<number> =>
      (await call(urlOf(sessionId, 'json', `lang=${lang}`), { key: credential })).status;
    expect(await statusWith(key)).toBe(200);
    expect(await statusWith(otherKey)).toBe(404);
    expect(await statusWith('wrong-key-of-this-test')).toBe(401);
    expect(await statusWith(undefined)).toBe(401);
    expect(await statusWith(await tokenFor({ scope: 'speak' }))).toBe(200);
    expect(await statusWith(await tokenFor({ scope: 'speak', sessionId: 'other' }))).toBe(404);
    expect(await statusWith(await tokenFor({ scope: 'listen' }))).toBe(403);
    const listen = await tokenFor({ scope: 'listen', sessionId });
    expect([await statusWith(listen), await statusWith(listen, 'ca'), await statusWith(listen, 'fr')]).toEqual([
      200, 200, 403,
    ]);
  });

  it('I26: anyone with its join code, in the languages that listeners may read', async () => {
    await using host = await open();
    await using otherHost = await open();
    const { sessionId, joinCode } = await host.start({ targetLanguages: ['es', 'fr'] });
    const other = await otherHost.start();
    await say(host, 1, 'Hello');
    await translate(sessionId, 1, 'fr', 'Bonjour');
    host.send({ type: 'session.update', targetLanguages: ['es'] });
    const withCode = (code: string, lang: string) => call(urlOf(sessionId, 'json', `lang=${lang}&joinCode=${code}`));
    const forbidden = { status: 403, body: { error: { code: 'forbidden', param: 'lang' } } };
    // Until the update is stored, French may be read.
    await say(host, 2, 'Bye');
    for (const lang of ['en', 'es', 'en-GB']) expect(await withCode(joinCode, lang)).toMatchObject({ status: 200 });
    for (const lang of ['fr', 'de']) expect(await withCode(joinCode, lang)).toMatchObject(forbidden);
    expect((await jsonOf(sessionId, 'lang=fr')).lines).toMatchObject([{ text: 'Bonjour' }]);

    const unknown = { status: 404, body: { error: { code: 'join-code-unknown' } } };
    expect(await withCode(other.joinCode, 'en')).toMatchObject(unknown);
    expect(await call(urlOf('unknown', 'json', `lang=en&joinCode=${joinCode}`))).toMatchObject(unknown);
    for (let tries = 0; tries < 20; tries += 1) await withCode('WRONGCODE1', 'en');
    const tooMany = { status: 429, body: { error: { code: 'too-many-tries' } } };
    expect(await withCode('WRONGCODE1', 'en')).toMatchObject(tooMany);
    expect(await withCode(joinCode, 'en')).toMatchObject({ status: 200 });
    expect(await call(urlOf(sessionId, 'json', 'lang=en'), { key })).toMatchObject({ status: 200 });
  });

  it.each([
    ['lang=not a language', 'lang', 'invalid-field'],
    ['', 'lang', 'invalid-field'],
    ['lang=es&lang=en', 'lang', 'invalid-field'],
    ['lang=es&joinCode=', 'joinCode', 'invalid-field'],
    ['lang=de', 'lang', 'language-not-offered'],
  ])('refuses %s', async (query, param, code) => {
    await using host = await open();
    const { sessionId } = await host.start();
    expect(await call(urlOf(sessionId, 'srt', query), { key })).toMatchObject({
      status: 400,
      body: { error: { code, param } },
    });
  });

  it('pages of other origins', async () => {
    await using host = await open();
    const { sessionId, joinCode } = await host.start();
    const origin = 'https://church.example';
    // Wrong codes of this file's address may still be counted on the other edge.
    const url = urlOf(sessionId, 'json', `lang=en&joinCode=${joinCode}`).replace(urls[1], urls[0]);
    const { status, headers } = await call(url, { headers: { origin } });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([200, origin]);
    expect(headers.get('access-control-expose-headers')).toContain('Content-Disposition');
  });
});
