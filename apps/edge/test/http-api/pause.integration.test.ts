import { describe, expect, it } from '@jest/globals';
import { call, edgesForFile } from './edges-for-file.ts';
import { StreamClient } from './stream-client.ts';

const key = 'a-key-of-this-test-alone';
const { urls, metricsUrls } = await edgesForFile({ API_KEYS: `clinic:${key}` });
const open = (edge: 0 | 1) => StreamClient.open(urls[edge], `bearer.${key}`);
const update = (paused: unknown) => ({ type: 'session.update', paused });
const ping = { type: 'ping' };

async function ignoredPartials(): Promise<string | undefined> {
  const page = await (await fetch(metricsUrls[0])).text();
  return /^parley_edge_partials_ignored_total\{reason="paused"\} (\d+)$/m.exec(page)?.[1];
}

describe('a paused session', () => {
  it('ignores and counts partials, refuses finals, and says so over HTTP', async () => {
    await using host = await open(0);
    const { sessionId } = await host.start();
    const state = async () => (await call(`${urls[1]}/v1/sessions/${sessionId}`, { key })).body;
    expect(await host.ask(update(true))).toEqual({ type: 'session.paused' });
    expect(await state()).toMatchObject({ state: 'paused' });
    host.send({ type: 'transcript.partial', segmentId: 1, revision: 0, text: 'off the record' });
    expect(await host.ask(ping)).toEqual({ type: 'pong' });
    expect(await ignoredPartials()).toBe('1');
    const final = { type: 'transcript.final', segmentId: 1, text: 'Off the record.', id: 'f' };
    expect(await host.ask(final)).toMatchObject({ code: 'session-paused', causedBy: 'f', retryable: false });
    // A change of other options, or to the same state, is no change of the pause.
    host.send({ type: 'session.update', context: 'x' });
    host.send(update(true));
    expect(await host.ask(ping)).toEqual({ type: 'pong' });
    expect(await host.ask(update(false))).toEqual({ type: 'session.unpaused' });
    expect(await state()).toMatchObject({ state: 'live' });
    expect(await host.ask(final)).toMatchObject({ type: 'transcript.accepted' });
  });

  it('refuses an update that does not say whether to pause', async () => {
    await using host = await open(0);
    await host.start();
    expect(await host.ask(update('yes'))).toMatchObject({ code: 'invalid-field', param: 'paused' });
  });

  it('I44: tells a speaker that resumes it on another edge, right after the reply', async () => {
    const host = await open(0);
    const { sessionId, resumeToken, offset } = await host.start();
    await host.ask(update(true));
    await host[Symbol.asyncDispose]();
    await using again = await open(1);
    again.send({ type: 'session.resume', sessionId, resumeToken, offset });
    await again.waitForMessage(({ type }) => type === 'session.paused');
    expect(again.messages.map(({ type }) => type)).toEqual(['session.resumed', 'session.paused']);
    expect(await again.ask({ type: 'transcript.final', segmentId: 1, text: 'x' })).toMatchObject({
      code: 'session-paused',
    });
  });
});
