import { connect, joinLive } from '@parley/client';
import { expect, it } from '@jest/globals';
import { startLiveListener, startLiveSpeaker, startStack } from './harness/index.ts';

it('I43: a room has one code for all its sessions, whatever becomes of the edges', async () => {
  await using stack = await startStack({ edges: 2 });
  const [first, second] = [stack.streamUrl(0), stack.streamUrl(1)];
  const options = { sourceLanguage: 'en', targetLanguages: ['es'], room: 'sunday' };
  await using before = await startLiveSpeaker([first], options);
  const { joinCode } = before.session.started;
  await before.end();

  const waiting = Promise.withResolvers<undefined>();
  const joining = joinLive({
    urls: [second],
    joinCode: joinCode.toLowerCase(),
    targetLanguages: ['es'],
    on: { waiting: () => waiting.resolve(undefined) },
  });
  await waiting.promise;
  await using host = await startLiveSpeaker([first, second], options);
  expect(host.session.started.joinCode).toBe(joinCode);
  await using listener = await joining;
  expect(listener.joined.sessionId).toBe(host.session.started.sessionId);

  expect(await host.session.updateJoinCode('close')).toBeUndefined();
  await stack.kill('edges', 0);
  // The owner has come back on the other edge.
  const captions = listener.captions();
  await host.session.sendFinal({ segmentId: 1, text: 'good morning' });
  expect(await captions.next()).toMatchObject({ value: { type: 'translation.final', text: '[es] good morning' } });
  await expect(connect({ url: second, joinCode })).rejects.toMatchObject({ status: 401 });
  expect(await host.session.updateJoinCode('open')).toBe(joinCode);
  await (await connect({ url: second, joinCode })).close();

  const closed = new Promise((resolve) => listener.on('closed', resolve));
  const changed = await host.session.updateJoinCode('change');
  expect(await closed).toMatchObject({ closeCode: 4410, reason: 'the join code was changed' });
  await expect(connect({ url: second, joinCode })).rejects.toMatchObject({ status: 401 });
  await stack.restart('edges', 0);
  await using again = await startLiveListener([first], { joinCode: changed ?? '', targetLanguages: ['es'] });
  expect(again.listening.joined.sessionId).toBe(host.session.started.sessionId);
  expect(await host.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 1 } });
});
