import { describe, expect, it } from '@jest/globals';
import { PendingStore } from '../src/pending/index.ts';
import { SegmentStore } from '../src/segment/index.ts';
import {
  jobOf,
  listen,
  listenToWork,
  openSession,
  resending,
  metadata,
  translatedPartial,
  unlimited,
} from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { server, redis } = await redisForFile();

const published = { status: 'published', newer: undefined };

describe('an open segment', () => {
  it('is taken with its newest revision, session settings and shown partials', async () => {
    const { put, take, commit, settings } = await openSession(redis, { targetLanguages: ['es', 'pt', 'pt-BR'] });
    const targets = ['es', 'pt', 'pt-BR'];
    const job = jobOf(await put(1, 0, 'hello', targets));
    const { lease } = await take(1, job);
    await commit(lease, { target: 'pt-BR', text: 'olá' });
    await put(1, 1, 'hello there', targets);
    expect(await take(1, job)).toMatchObject({
      work: { segmentId: 1, revision: 1, text: 'hello there', metadata, targets },
      settings,
      tenant: 't',
      shown: new Map([['pt-BR', { revision: 0, caption: { text: 'olá', concludedLength: 0, tally: undefined } }]]),
    });
  });

  it('publishes each newer revision to its holder and adds no job', async () => {
    const { put, hold, sessionId } = await openSession(redis);
    const subscription = await listenToWork(server, sessionId);
    await hold(1, 0);
    expect(jobOf(await put(1, 1, 'newer'))).toBe('');
    await put(1, 0, 'stale');
    expect(await subscription.all()).toMatchObject([{ type: 'revision', segmentId: 1, revision: 1, text: 'newer' }]);
  });

  it('is taken and published with the length of what the recognizer calls stable, if it is known', async () => {
    const { putPartial, hold, take, sessionId } = await openSession(redis);
    const subscription = await listenToWork(server, sessionId);
    const { work } = await hold(2, 0);
    expect(work).not.toHaveProperty('stableLength');
    await putPartial({ segmentId: 2, revision: 1, text: 'hello there', stableLength: 6 });
    expect(await subscription.all()).toMatchObject([{ type: 'revision', revision: 1, stableLength: 6 }]);
    const job = jobOf(await putPartial({ segmentId: 1, revision: 0, text: 'hello', stableLength: 0 }));
    expect((await take(1, job)).work).toMatchObject({ text: 'hello', stableLength: 0 });
  });

  it('returns missed revisions to its holder with every reply', async () => {
    const { put, hold, commit, segments, sessionId } = await openSession(redis);
    const { lease } = await hold(1, 0);
    await put(1, 1);
    const newer = { revision: 1, text: 'text 1' };
    expect(await commit(lease)).toMatchObject({ status: 'published', newer });
    expect(await segments.renew(sessionId, [lease])).toMatchObject({ leases: [{ status: 'held', newer }] });
    const known = { ...lease, knownRevision: 1 };
    expect(await segments.renew(sessionId, [known])).toMatchObject({ leases: [{ status: 'held', newer: undefined }] });
    expect(await commit(known)).toEqual(published);
  });

  it('ignores a revision older than the newest', async () => {
    const { put } = await openSession(redis);
    await put(1, 5);
    expect(await put(1, 4)).toEqual({ status: 'stale' });
  });

  it('keeps the targets with which its newest revision was put again', async () => {
    const { put, hold, take, sessionId } = await openSession(redis, { targetLanguages: ['es', 'ca'] });
    const subscription = await listenToWork(server, sessionId);
    await hold(1, 0, 'hello', ['es']);
    await put(1, 0, 'hello', ['es', 'ca']);
    expect(await subscription.all()).toMatchObject([{ type: 'revision', revision: 0, targets: ['es', 'ca'] }]);
    const job = jobOf(await put(2, 0, 'hello', ['es']));
    expect(jobOf(await put(2, 0, 'hello', ['es', 'ca']))).toBe(job);
    expect((await take(2, job)).work.targets).toEqual(['es', 'ca']);
  });

  it('may have the number and the revision 0', async () => {
    const { hold, commit } = await openSession(redis);
    const { lease, work } = await hold(0, 0);
    expect(work).toMatchObject({ segmentId: 0, revision: 0 });
    expect(await commit(lease)).toEqual(published);
  });

  it('I1: shows no older revision after a newer one, and each once', async () => {
    const { put, hold, commit, sessionId, head } = await openSession(redis);
    const channel = await listen(server, sessionId);
    const { lease } = await hold(1, 0);
    await put(1, 1);
    const known = { ...lease, knownRevision: 1 };
    expect(await commit(known)).toEqual(published);
    expect(await commit(known, { revision: 0 })).toMatchObject({ status: 'overtaken' });
    expect(await commit(known)).toEqual(published);
    expect(await commit(known, { text: 'another text' })).toMatchObject({ status: 'overtaken' });
    const body = JSON.stringify(translatedPartial(1, 'es', 'es 1'));
    expect(await channel.all()).toEqual([`p ${head} 1 ${body}`]);
  });

  it('I2: shows nothing after it is settled, and publishes the digest of the final to its holder', async () => {
    const { hold, put, commit, settle, segments, sessionId } = await openSession(redis);
    const subscription = await listenToWork(server, sessionId);
    const [other, same] = [await hold(1, 0, 'hello'), await hold(2, 0, 'hello')];
    await settle(1, 'hello there');
    await settle(2, 'hello');
    for (const { lease } of [other, same]) {
      expect(await commit(lease)).toEqual({ status: 'closed', newer: undefined });
      expect(await put(lease.segmentId, 1)).toEqual({ status: 'settled' });
      expect(await segments.release(sessionId, lease, true)).toEqual({ status: 'closed' });
    }
    const settled = { type: 'settled', segmentId: 2, digest: same.work.digest };
    expect(await subscription.all()).toEqual([
      { v: 1, ...settled, segmentId: 1, digest: expect.any(String) },
      { v: 1, ...settled },
    ]);
    const { leases } = await segments.renew(sessionId, [other.lease, same.lease]);
    expect(leases).toEqual([
      { status: 'settled', digest: expect.not.stringMatching(other.work.digest) },
      { status: 'settled', digest: same.work.digest },
    ]);
  });

  it('publishes nothing about its final without a holder', async () => {
    const { hold, put, settle, segments, sessionId } = await openSession(redis);
    const subscription = await listenToWork(server, sessionId);
    await put(1, 0);
    const { lease } = await hold(2, 0);
    await segments.release(sessionId, lease, false);
    await settle(1);
    await settle(2);
    expect(await subscription.all()).toEqual([]);
  });

  it('shows nothing in a removed language until it is added again', async () => {
    const { hold, commit, sessions, segments, sessionId, settings } = await openSession(redis, {
      targetLanguages: ['es', 'pt-BR'],
    });
    const subscription = await listenToWork(server, sessionId);
    const { lease } = await hold(1, 0, 'hello', ['es', 'pt-BR']);
    await sessions.update(sessionId, 'owner', { ...settings, targetLanguages: ['es', 'pt'] });
    expect(await commit(lease, { target: 'pt-BR' })).toEqual({ status: 'unwanted', newer: undefined });
    expect((await segments.renew(sessionId, [lease])).wanted).toEqual(new Set(['es', 'pt', '']));
    await sessions.update(sessionId, 'owner', settings);
    expect(await commit(lease, { target: 'pt-BR' })).toEqual(published);
    expect(await subscription.all()).toEqual(
      ['es,pt,', 'es,pt-BR,'].map((targets) => ({ v: 1, type: 'settings', targets })),
    );
  });

  it('is closed and published to its holder when its session ends', async () => {
    const { hold, put, commit, sessions, segments, settle, sessionId } = await openSession(redis);
    const subscription = await listenToWork(server, sessionId);
    await settle(9);
    const job = jobOf(await put(2, 0));
    const { lease } = await hold(1, 0);
    expect(await sessions.end(sessionId, 'owner')).toBe('ending');
    expect(await commit(lease)).toMatchObject({ status: 'closed' });
    expect(await segments.renew(sessionId, [lease])).toMatchObject({ leases: [{ status: 'closed' }] });
    expect(await segments.take({ sessionId, segmentId: 2 }, job, 'taking')).toBeUndefined();
    expect(await segments.requeue(sessionId, [])).toEqual([]);
    expect(await put(1, 1)).toEqual({ status: 'ending' });
    expect(await subscription.all()).toEqual([{ v: 1, type: 'ended' }]);
  });

  it('is only created by a partial', async () => {
    const { segments, commit, sessionId } = await openSession(redis);
    const lease = { segmentId: 9, fence: '1', knownRevision: 0 };
    expect(await segments.take({ sessionId, segmentId: 9 }, '1', 'taking')).toBeUndefined();
    expect(await commit(lease)).toMatchObject({ status: 'closed' });
    expect(await segments.renew(sessionId, [lease])).toMatchObject({ leases: [{ status: 'closed' }] });
    for (const handedOver of [false, true]) {
      expect(await segments.release(sessionId, lease, handedOver)).toEqual({ status: 'closed' });
    }
    expect(await segments.requeue(sessionId, [9])).toEqual([]);
    expect(await redis.keys(`{s:${sessionId}}*`)).toEqual([`{s:${sessionId}}:session`]);
  });

  it('accepts partials only from the owner of its session', async () => {
    const { putPartial } = await openSession(redis);
    const partial = { segmentId: 1, revision: 0 };
    expect(await putPartial({ ...partial, connection: 'other' })).toEqual({ status: 'fenced' });
    expect(await putPartial({ ...partial, sessionId: 'none' })).toEqual({ status: 'gone' });
  });
});

describe('a copy that needs no translation', () => {
  const source = (text: string) => ({ target: 'en', body: translatedPartial(1, 'en', text) });

  it('I1: is shown immediately without a job, and never after a newer revision', async () => {
    const { putPartial, sessionId, head } = await openSession(redis);
    const channel = await listen(server, sessionId);
    const copied = (revision: number) =>
      putPartial({ segmentId: 1, revision, targets: [], copies: [source(`text ${revision}`)] });
    expect(await copied(1)).toEqual({ status: 'put', job: undefined, evicted: [] });
    expect(await copied(0)).toEqual({ status: 'stale' });
    expect((await copied(1)).status).toBe('put');
    expect((await copied(2)).status).toBe('put');
    expect(await channel.all()).toEqual(
      [1, 2].map((revision) => `p ${head} ${revision} ${JSON.stringify(source(`text ${revision}`).body)}`),
    );
  });

  it('is shown together with the put that is translated, or before it', async () => {
    const { putPartial, take, sessionId } = await openSession(redis);
    const channel = await listen(server, sessionId);
    const both = await putPartial({ segmentId: 1, revision: 0, copies: [source('zero')] });
    expect((await take(1, jobOf(both))).work).toMatchObject({ revision: 0, targets: ['es'] });
    await putPartial({ segmentId: 2, revision: 0, targets: [], copies: [source('one')] });
    const later = await putPartial({ segmentId: 2, revision: 0, copies: [source('one')] });
    expect((await take(2, jobOf(later))).work).toMatchObject({ revision: 0, targets: ['es'] });
    expect(await channel.all()).toHaveLength(2);
  });

  it('I2: is not shown after the final', async () => {
    const { putPartial, settle, sessionId } = await openSession(redis);
    await settle(1);
    const channel = await listen(server, sessionId);
    expect(await putPartial({ segmentId: 1, revision: 0, targets: [], copies: [source('late')] })).toEqual({
      status: 'settled',
    });
    expect(await channel.all()).toEqual([]);
  });
});

describe('a call that is sent twice', () => {
  it('I19: returns the same reply both times, for every segment script and the final', async () => {
    const session = await openSession(redis);
    const { sessionId, putPartial, take } = session;
    const twice = new SegmentStore(resending(redis));
    const partial = { sessionId, connection: 'owner', segmentId: 1, metadata, targets: ['es'] };
    const rest = { copies: [], listenerTargets: [], maxOpenSegments: 32, maxOpenBytes: 1e9 };
    const put = (revision: number) => twice.put({ ...partial, ...rest, revision, text: `text ${revision}` });
    const job = jobOf(await put(0));
    expect(job).toMatch(/^\d{16}$/);
    const taken = await twice.take({ sessionId, segmentId: 1 }, job, 'taking');
    const lease = { segmentId: 1, fence: taken?.fence ?? '', knownRevision: 0 };
    await put(1);
    const target = { sessionId, segmentId: 1, target: 'es' };
    const committed = await twice.commit(target, lease, 0, translatedPartial(1, 'es', 'cero'));
    expect(committed).toMatchObject({ status: 'published', newer: { revision: 1 } });
    expect(await twice.renew(sessionId, [lease])).toMatchObject({ leases: [{ status: 'held' }] });
    expect(await twice.release(sessionId, lease, false)).toMatchObject({ status: 'newer' });
    const released = await twice.release(sessionId, lease, true);
    const again = released.status === 'released' ? (released.job?.number ?? '') : '';
    expect(Number(again)).toBeGreaterThan(Number(job));
    const { lease: next } = await take(1, again);
    expect(await twice.release(sessionId, next, false)).toEqual({ status: 'released', job: undefined });
    expect(await twice.requeue(sessionId, [])).toMatchObject([{ segmentId: 1 }]);
    await putPartial({ segmentId: 2, revision: 0 });
    const final = { ...partial, ...rest, text: 'text 1', listenersOnly: [] };
    expect(await new PendingStore(resending(redis)).settle(final, unlimited)).toMatchObject({ status: 'accepted' });
  });

  it('I19: returns the newest revision when it takes a segment', async () => {
    const { put, take } = await openSession(redis);
    const job = jobOf(await put(1, 0));
    const first = await take(1, job, 'taking');
    await put(1, 1);
    const second = await take(1, job, 'taking');
    expect(second).toMatchObject({ fence: first.fence, work: { revision: 1 } });
  });
});
