import { connect } from '@parley/client';
import { expect, it } from '@jest/globals';
import { startLiveSpeaker, startStack } from './harness/index.ts';
import { startWebhookReceiver } from './harness/webhook-receiver.ts';

it('I46: the webhook is told once of each session, whoever ended it', async () => {
  await using receiver = await startWebhookReceiver();
  const env = { WEBHOOK_URL: receiver.url, WEBHOOK_SECRET: 'a secret of the test', SESSION_GRACE_MS: '500' };
  await using stack = await startStack({ edges: 1, workers: 2, env });
  const options = { sourceLanguage: 'en', targetLanguages: ['es'] };
  const ended = await startLiveSpeaker(stack, options);
  await ended.session.sendFinal({ segmentId: 1, text: 'the only sentence' });
  const deleted = await startLiveSpeaker(stack, options);
  const abandoned = await connect({ url: stack.streamUrl() });
  const { started } = await abandoned.startSession(options);

  await ended.end();
  const { sessionId } = deleted.session.started;
  await fetch(new URL(`/v1/sessions/${sessionId}`, stack.edges[0]?.url), { method: 'DELETE' });
  abandoned.terminate();
  await receiver.requests(3);
  const events = receiver.received.map(({ body }) => JSON.parse(body) as { sessionId: string; usage: object });
  const ids = [ended.session.started.sessionId, sessionId, started.sessionId];
  expect(events.map((event) => event.sessionId).sort()).toEqual(ids.sort());
  const ofEnded = events.find((event) => event.sessionId === ended.session.started.sessionId);
  expect(ofEnded?.usage).toMatchObject({ segments: 1, translations: 1 });
  expect(receiver.received.map(({ body }) => body).join()).not.toContain('the only sentence');
});
