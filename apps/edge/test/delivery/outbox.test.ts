import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { createEdgeMetrics, createProcessRegistry } from '@parley/telemetry';
import type { PartialKey } from '../../src/delivery/held-partials.ts';
import { Outbox } from '../../src/delivery/outbox.ts';
import { post } from '../../src/delivery/post.ts';
import { closing, TestEdge } from '../server/test-edge.ts';

const kibibyte = 1024;
const into = (targetLanguage: string, segmentId: number): PartialKey => ({
  kind: 'translation',
  segmentId,
  targetLanguage,
});
const es = (segmentId: number): PartialKey => into('es', segmentId);

/** A socket that takes nothing until it is told to, and an outbox for it. */
function stalled({ queuedBytes = 65 * kibibyte, maxUnreadBytes = 1024 * kibibyte } = {}) {
  const sent: string[] = [];
  const waiting: (() => void)[] = [];
  const closes: number[] = [];
  const socket = {
    bufferedBytes: queuedBytes,
    send: (frame: string, drained?: () => void) => {
      sent.push(frame);
      socket.bufferedBytes += frame.length;
      if (drained !== undefined) waiting.push(drained);
    },
    close: (code: number) => void closes.push(code),
  };
  const registry = createProcessRegistry();
  const outbox = new Outbox(socket, { maxUnreadBytes, metrics: createEdgeMetrics(registry) });
  return {
    outbox,
    sent,
    closes,
    socket,
    /** The network takes all that was queued. */
    drain: () => {
      socket.bufferedBytes = 0;
      for (const drained of waiting.splice(0)) drained();
    },
    metric: async (name: string) =>
      (await registry.metrics()).match(new RegExp(`^parley_edge_${name} (\\d+)`, 'm'))?.[1],
  };
}

describe('an outbox', () => {
  it('sends partials at once while little waits', () => {
    const { outbox, sent } = stalled({ queuedBytes: 64 * kibibyte - 2 });
    outbox.sendPartial(es(1), '11');
    outbox.sendPartial(es(1), '12');
    outbox.sendPartial(es(1), '13');
    expect(sent).toEqual(['11', '12']);
  });

  it('I1: holds the newest partial of each key, and sends it once the socket has drained, in order of segment', async () => {
    const { outbox, sent, drain, metric } = stalled();
    outbox.send('ready');
    for (const frame of ['2a', '2b', '2c']) outbox.sendPartial(es(2), frame);
    outbox.sendPartial(es(10), '10a');
    outbox.sendPartial(into('ca', 2), '2-ca');
    outbox.sendPartial({ kind: 'transcript', segmentId: 2 }, '2-transcript');
    outbox.sendPartial(es(1), '1a');
    expect(sent).toEqual(['ready']);
    drain();
    expect(sent).toEqual(['ready', '1a', '2c', '2-ca', '2-transcript', '10a']);
    await expect(metric('partials_folded_total')).resolves.toBe('2');
  });

  it('I2: drops the held partial of what is concluded, and that one alone', async () => {
    const { outbox, sent, drain, metric } = stalled();
    outbox.sendPartial(es(1), 'partial 1');
    outbox.sendPartial(es(2), 'partial 2');
    outbox.sendPartial(into('ca', 1), 'partial 1 ca');
    outbox.conclude(es(1));
    outbox.send('final 1');
    drain();
    expect(sent).toEqual(['final 1', 'partial 1 ca', 'partial 2']);
    await expect(metric('partials_folded_total')).resolves.toBe('1');
  });

  it('I1: does not send a held partial after a newer one that could leave at once', () => {
    const { outbox, sent, socket, drain } = stalled();
    outbox.send('ready');
    outbox.sendPartial(es(1), 'old');
    socket.bufferedBytes = 0;
    outbox.sendPartial(es(1), 'new');
    drain();
    expect(sent).toEqual(['ready', 'new']);
  });

  it('lets held partials go only as far as the socket has room', () => {
    const { outbox, sent, drain } = stalled();
    const frames = [1, 2, 3].map((segmentId) => String(segmentId).repeat(40 * kibibyte));
    outbox.send('ready');
    for (const [index, frame] of frames.entries()) outbox.sendPartial(es(index), frame);
    drain();
    expect(sent).toEqual(['ready', ...frames.slice(0, 2)]);
    drain();
    expect(sent).toEqual(['ready', ...frames]);
  });

  it('closes once with 4508 over the bound, held partials counted in bytes, and sends nothing more', async () => {
    const { outbox, sent, closes, drain, metric } = stalled({ maxUnreadBytes: 66 * kibibyte });
    outbox.sendPartial(es(1), 'é'.repeat(kibibyte / 2));
    expect(closes).toEqual([]);
    outbox.sendPartial(es(2), 'é');
    expect(closes).toEqual([4508]);
    outbox.send('late');
    outbox.sendPartial(es(3), 'late');
    drain();
    expect([sent, closes]).toEqual([[], [4508]]);
    await expect(metric('slow_clients_closed_total')).resolves.toBe('1');
  });

  it('counts what the socket has queued to the bound', () => {
    const { outbox, closes } = stalled({ maxUnreadBytes: 66 * kibibyte });
    outbox.send('x'.repeat(kibibyte));
    expect(closes).toEqual([]);
    outbox.send('x');
    expect(closes).toEqual([4508]);
  });
});

const filler = 'x'.repeat(60 * kibibyte);

/** A real client that stops reading, and an outbox for it behind which more waits than a reading client leaves. */
async function stalledClient(edge: TestEdge, maxUnreadBytes: number) {
  const client = await edge.connect();
  const socket = edge.sockets[0]?.socket;
  if (socket === undefined) throw new Error('no socket was opened');
  const outbox = new Outbox(socket, { maxUnreadBytes, metrics: createEdgeMetrics(createProcessRegistry()) });
  const received: string[] = [];
  client.on('message', (data: Buffer) => received.push(data.toString()));
  client.pause();
  let finals = 0;
  // The buffers of the two kernels take some megabytes; each turn of the loop lets them take what they can.
  while (socket.bufferedBytes <= 3 * filler.length) {
    outbox.send(`final ${finals++} ${filler}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { client, socket, outbox, received, finals };
}

describe('a client that stops reading', () => {
  it('I1: loses only partials, and has the newest of each after it reads again', async () => {
    await using edge = await TestEdge.start();
    const { client, outbox, received, finals } = await stalledClient(edge, 64 * 1024 * kibibyte);
    for (let revision = 0; revision < 1000; revision++) {
      for (const segmentId of [1, 2, 3]) outbox.sendPartial(es(segmentId), `partial ${segmentId} ${revision}`);
    }
    outbox.conclude(es(2));
    outbox.send('final of 2');
    client.resume();
    while (received.at(-1) !== 'partial 3 999') await once(client, 'message');
    const texts = received.map((frame) => frame.replace(` ${filler}`, ''));
    expect(texts).toEqual([
      ...Array.from({ length: finals }, (_, index) => `final ${index}`),
      'final of 2',
      'partial 1 999',
      'partial 3 999',
    ]);
    outbox.sendPartial(es(1), 'partial 1 1000');
    await once(client, 'message');
    expect(received.at(-1)).toBe('partial 1 1000');
  });

  it('is closed with 4508 far over the bound', async () => {
    await using edge = await TestEdge.start({ closeTimeoutMs: 20_000 });
    const { client, socket, outbox, received, finals } = await stalledClient(edge, 1024 * kibibyte);
    for (let more = 0; more < 100; more++) outbox.send(`more ${filler}`);
    const queuedBytes = socket.bufferedBytes;
    expect(queuedBytes).toBeLessThan((1024 + 120) * kibibyte);
    client.resume();
    await expect(closing(client)).resolves.toEqual({ code: 4508, reason: 'the client reads too slowly' });
    expect(received.length).toBeGreaterThan(finals);
    expect(received.length).toBeLessThan(finals + 100);
  });
});

describe('a message', () => {
  it('I2: concludes what it is the final of', () => {
    const { outbox, sent, drain } = stalled();
    const timing = { queueMs: 0, engineMs: 0, totalMs: 0 };
    const partial = { type: 'translation.partial', segmentId: 1, concluded: '', tentative: '', timing } as const;
    const heard = { type: 'transcript.partial', segmentId: 1, text: '', language: 'en', revision: 0 } as const;
    post(outbox, { ...partial, targetLanguage: 'es', revision: 0 }, 'es partial');
    post(outbox, { ...partial, targetLanguage: 'ca', revision: 0 }, 'ca partial');
    post(outbox, { ...partial, targetLanguage: 'fr', revision: 0 }, 'fr partial');
    post(outbox, heard, 'heard');
    post(outbox, { ...heard, language: 'de', revision: 1 }, 'heard again');
    const failed = {
      type: 'translation.failed',
      segmentId: 1,
      offset: 1,
      code: 'engine-timeout',
      message: '',
    } as const;
    post(outbox, { ...failed, targetLanguage: 'es' }, 'es failed');
    const final = { type: 'translation.final', segmentId: 1, text: '', offset: 2, cached: false, timing } as const;
    post(outbox, { ...final, targetLanguage: 'ca' }, 'ca final');
    drain();
    expect(sent).toEqual(['es failed', 'ca final', 'fr partial', 'heard again']);
    post(outbox, { ...heard, revision: 2 }, 'heard');
    outbox.send('x'.repeat(65 * kibibyte));
    post(outbox, { ...heard, revision: 3 }, 'heard late');
    post(outbox, { type: 'transcript.final', segmentId: 1, text: '', language: 'en', offset: 3 }, 'transcript final');
    drain();
    expect(sent.slice(4)).toEqual(['heard', expect.stringMatching(/^x+$/), 'transcript final']);
  });
});
