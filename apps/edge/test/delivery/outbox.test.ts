import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { ServerMessage } from '@parley/protocol';
import type { LogEntry, PartialResult } from '@parley/redis/log';
import { createEdgeMetrics, createProcessRegistry } from '@parley/telemetry';
import { seededRandom, testSeed } from '../../../../test/harness/seeded-random.ts';
import type { OutgoingMessage } from '../../src/core/outgoing-message.ts';
import { Delivery } from '../../src/delivery/delivery.ts';
import { Outbox, RevisionFilter } from '../../src/delivery/outbox.ts';
import { BufferBudget } from '../../src/limits/buffer-budget.ts';
import { frameText } from '../frame-text.ts';
import { closing, TestEdge } from '../server/test-edge.ts';

const kibibyte = 1024;
const metadata = { v: 1, language: 'en', receivedAtMs: 0 } as const;
const measured = { queueMs: 0, engineMs: 0 };

const partialOf = (partial: PartialResult): Delivery =>
  new Delivery({ kind: 'partial', head: 0, revision: 0, partial });
const entryOf = (entry: LogEntry): Delivery => new Delivery({ kind: 'log', offset: 1, entry });

const partial = (segmentId: number, text: string, targetLanguage = 'es'): Delivery =>
  partialOf({ ...metadata, type: 'partial', segmentId, targetLanguage, text, ...measured });
const heard = (segmentId: number, text: string): Delivery =>
  partialOf({ ...metadata, type: 'partial-transcript', segmentId, text });
const final = (segmentId: number, text: string, targetLanguage = 'es'): Delivery =>
  entryOf({ ...metadata, type: 'translation', segmentId, targetLanguage, text, cached: false, ...measured });
const failed = (segmentId: number, message: string): Delivery =>
  entryOf({ v: 1, type: 'failed', segmentId, targetLanguage: 'es', code: 'engine-timeout', message });
const settled = (segmentId: number, text: string): Delivery =>
  entryOf({ ...metadata, type: 'transcript', segmentId, text });

/** The text of a message. */
function saidIn(json: string): string {
  const message = JSON.parse(json) as ServerMessage;
  if (message.type === 'translation.partial') return message.tentative;
  if ('text' in message) return message.text;
  return 'message' in message ? message.message : message.type;
}

/** An outbox with a socket that accepts nothing until `drain` is called. */
function stalled({
  queuedBytes = 65 * kibibyte,
  maxUnreadBytes = 1024 * kibibyte,
  budget,
}: { queuedBytes?: number; maxUnreadBytes?: number; budget?: BufferBudget } = {}) {
  const sent: string[] = [];
  const frames: Buffer[] = [];
  const closes: number[] = [];
  const socket = {
    bufferedBytes: queuedBytes,
    get needsDrain() {
      return socket.bufferedBytes >= 64 * kibibyte;
    },
    sizeOf: ({ frame }: OutgoingMessage) => frame.byteLength,
    send: ({ frame }: OutgoingMessage) => {
      frames.push(frame);
      sent.push(saidIn(frameText(frame)));
      socket.bufferedBytes += frame.length;
    },
    close: (code: number) => void closes.push(code),
  };
  const registry = createProcessRegistry();
  const account = budget?.open(() => outbox.closeAsSlow());
  const metrics = createEdgeMetrics(registry);
  const outbox: Outbox = new Outbox(socket, { maxUnreadBytes, metrics, ...(account && { account }) });
  return {
    outbox,
    sent,
    frames,
    closes,
    socket,
    /** Simulates the network taking all queued bytes. */
    drain: () => {
      socket.bufferedBytes = 0;
      outbox.drained();
    },
    metric: async (name: string) =>
      (await registry.metrics()).match(new RegExp(`^parley_edge_${name} (\\d+)`, 'm'))?.[1],
  };
}

describe('an outbox', () => {
  it('sends partials immediately while little is queued', () => {
    const { outbox, sent } = stalled({ queuedBytes: 64 * kibibyte - 300 });
    for (const text of ['one', 'two', 'three']) outbox.deliver(partial(1, text));
    expect(sent).toEqual(['one', 'two']);
  });

  it('counts what a slow client leaves unread, and is closed as slow if it is too much for the edge', () => {
    const budget = new BufferBudget(200 * kibibyte);
    const [most, less] = [stalled({ budget, queuedBytes: 110 * kibibyte }), stalled({ budget })];
    for (const { outbox } of [most, less]) outbox.deliver(partial(1, 'x'));
    expect(budget.totalBytes).toBeGreaterThan(165 * kibibyte);
    less.outbox.deliver(partial(2, 'x'.repeat(20 * kibibyte)));
    expect([most.closes, less.closes]).toEqual([[], []]);
    less.outbox.deliver(partial(3, 'x'.repeat(20 * kibibyte)));
    expect([most.closes, less.closes]).toEqual([[4508], []]);
    less.outbox.socketClosed();
    expect(budget.totalBytes).toBe(0);
  });

  it('counts nothing for a client that has read everything', () => {
    const budget = new BufferBudget(200 * kibibyte);
    const { outbox, drain } = stalled({ budget });
    outbox.deliver(partial(1, 'x'));
    expect(budget.totalBytes).toBeGreaterThan(0);
    drain();
    expect(budget.totalBytes).toBe(0);
  });

  it('I1: buffers the newest partial of each key and sends them in segment order after the socket has drained', async () => {
    const { outbox, sent, drain, metric } = stalled();
    outbox.reply({ type: 'pong' });
    for (const text of ['2a', '2b', '2c']) outbox.deliver(partial(2, text));
    outbox.deliver(partial(10, '10a'));
    outbox.deliver(partial(2, '2-ca', 'ca'));
    outbox.deliver(heard(2, '2-transcript'));
    outbox.deliver(partial(1, '1a'));
    expect(sent).toEqual(['pong']);
    drain();
    expect(sent).toEqual(['pong', '1a', '2c', '2-ca', '2-transcript', '10a']);
    await expect(metric('partials_folded_total')).resolves.toBe('2');
  });

  it('I2: drops only the buffered partial of a target that has a final or failure', async () => {
    const { outbox, sent, drain, metric } = stalled();
    outbox.deliver(partial(1, 'partial 1'));
    outbox.deliver(partial(2, 'partial 2'));
    outbox.deliver(partial(3, 'partial 3'));
    outbox.deliver(partial(1, 'partial 1 ca', 'ca'));
    outbox.deliver(heard(1, 'heard 1'));
    outbox.deliver(heard(2, 'heard 2'));
    outbox.deliver(final(1, 'final 1'));
    outbox.deliver(failed(3, 'failed 3'));
    outbox.deliver(settled(2, 'settled 2'));
    drain();
    expect(sent).toEqual(['final 1', 'failed 3', 'settled 2', 'partial 1 ca', 'heard 1', 'partial 2']);
    await expect(metric('partials_folded_total')).resolves.toBe('3');
  });

  it('I1: does not send a buffered partial after a newer one that could be sent immediately', () => {
    const { outbox, sent, socket, drain } = stalled();
    outbox.deliver(partial(1, 'old'));
    socket.bufferedBytes = 0;
    outbox.deliver(partial(1, 'new'));
    drain();
    expect(sent).toEqual(['new']);
  });

  it('I39: only extends what is concluded, whichever partials a slow client misses', () => {
    const random = seededRandom(testSeed('a slow client'));
    const [first = '', ...words] = 'buenos días a todos los que han venido hoy'.split(' ');
    const { outbox, frames, socket, drain } = stalled({ queuedBytes: 0 });
    const shownOf = new Map([1, 2, 3].map((segmentId) => [segmentId, { revision: 0, text: first, concluded: 0 }]));
    for (let step = 0; step < 300; step++) {
      const segmentId = 1 + Math.floor(random() * 3);
      const shown = shownOf.get(segmentId);
      if (shown === undefined) throw new Error('not one of the segments');
      shown.revision += 1;
      shown.concluded += Math.floor(random() * (shown.text.length - shown.concluded + 1));
      // What is tentative may change entirely.
      const word = words[Math.floor(random() * words.length)] ?? '';
      shown.text = `${shown.text.slice(0, shown.concluded)} ${word}`;
      const { text, concluded: concludedLength, revision } = shown;
      const body = {
        ...metadata,
        type: 'partial',
        segmentId,
        targetLanguage: 'es',
        text,
        concludedLength,
        ...measured,
      };
      const partial = body as PartialResult;
      outbox.deliver(new Delivery({ kind: 'partial', head: 0, revision, partial }));
      if (random() < 0.5) socket.bufferedBytes = 65 * kibibyte;
      if (random() < 0.2) drain();
    }
    drain();
    const newest = new Map<number, string>();
    for (const frame of frames) {
      const message = JSON.parse(frameText(frame)) as ServerMessage;
      if (message.type !== 'translation.partial') throw new Error('only partials were delivered');
      const { segmentId, concluded } = message;
      expect(concluded.startsWith(newest.get(segmentId) ?? '')).toBe(true);
      newest.set(segmentId, concluded);
    }
    for (const [segmentId, { text, concluded }] of shownOf) {
      expect(newest.get(segmentId)).toBe(text.slice(0, concluded));
    }
  });

  it('sends buffered partials only as far as the socket accepts them', () => {
    const { outbox, sent, drain } = stalled();
    const texts = [1, 2, 3].map((segmentId) => String(segmentId).repeat(40 * kibibyte));
    for (const [index, text] of texts.entries()) outbox.deliver(partial(index, text));
    drain();
    expect(sent).toEqual(texts.slice(0, 2));
    drain();
    expect(sent).toEqual(texts);
  });

  it('closes once with 4508 above the limit, including buffered bytes, and sends nothing more', async () => {
    const long = partial(1, 'é'.repeat(kibibyte / 2));
    const { outbox, sent, closes, drain, metric } = stalled({
      maxUnreadBytes: 65 * kibibyte + long.frame.byteLength,
    });
    outbox.deliver(long);
    expect(closes).toEqual([]);
    outbox.deliver(partial(2, 'é'));
    expect(closes).toEqual([4508]);
    outbox.reply({ type: 'pong' });
    outbox.deliver(partial(3, 'late'));
    drain();
    expect([sent, closes]).toEqual([[], [4508]]);
    await expect(metric('slow_clients_closed_total')).resolves.toBe('1');
  });

  it("includes the socket's queued bytes in the limit", () => {
    const { outbox, closes } = stalled({ maxUnreadBytes: 66 * kibibyte });
    outbox.deliver(final(1, 'x'.repeat(kibibyte / 2)));
    expect(closes).toEqual([]);
    outbox.deliver(final(2, 'x'.repeat(kibibyte / 2)));
    expect(closes).toEqual([4508]);
  });

  it('sends nothing to a closed socket', () => {
    const { outbox, sent, closes, drain } = stalled();
    outbox.deliver(partial(1, 'held'));
    outbox.socketClosed();
    outbox.reply({ type: 'pong' });
    outbox.close(4508, 'late');
    drain();
    expect([sent, closes]).toEqual([[], []]);
  });
});

describe('a revision filter', () => {
  it('I1: admits only increasing revisions of a key', () => {
    const filter = new RevisionFilter();
    expect([0, 2, 1, 2, 3].map((revision) => filter.show('1 es', revision))).toEqual([true, true, false, false, true]);
    expect(filter.show('1 ca', 0)).toBe(true);
  });

  it('I2: admits nothing after the final, and the final once', () => {
    const filter = new RevisionFilter();
    expect([filter.conclude('1 es'), filter.show('1 es', 99), filter.conclude('1 es')]).toEqual([true, false, false]);
  });

  it('removes the oldest key above the limit', () => {
    const filter = new RevisionFilter();
    for (let segmentId = 0; segmentId <= 8192; segmentId++) filter.conclude(`${segmentId} es`);
    expect([filter.show('1 es', 0), filter.show('0 es', 0)]).toEqual([false, true]);
  });
});

const filler = 'x'.repeat(60 * kibibyte);

/** A real client that stops reading, and an outbox with more waiting bytes than a reading client leaves. */
async function stalledClient(edge: TestEdge, maxUnreadBytes: number) {
  const client = await edge.connect();
  const recorded = edge.sockets[0];
  if (recorded === undefined) throw new Error('no socket was opened');
  const { socket } = recorded;
  const outbox = new Outbox(socket, { maxUnreadBytes, metrics: createEdgeMetrics(createProcessRegistry()) });
  recorded.onDrained = () => outbox.drained();
  const received: string[] = [];
  client.on('message', (data: Buffer) => received.push(saidIn(data.toString())));
  client.pause();
  let finals = 0;
  // The kernel buffers take some megabytes; each turn of the event loop lets them take what they can.
  while (socket.bufferedBytes <= 3 * filler.length) {
    outbox.deliver(final(finals, `final ${finals++} ${filler}`));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { client, socket, outbox, received, finals };
}

describe('a client that stops reading', () => {
  it('I1: loses only partials and has the newest of each after it reads again', async () => {
    await using edge = await TestEdge.start();
    const { client, outbox, received, finals } = await stalledClient(edge, 64 * 1024 * kibibyte);
    for (let revision = 0; revision < 1000; revision++) {
      for (const segmentId of [1, 2, 3]) outbox.deliver(partial(segmentId, `partial ${segmentId} ${revision}`));
    }
    outbox.deliver(final(2, 'final of 2'));
    client.resume();
    while (received.at(-1) !== 'partial 3 999') await once(client, 'message');
    const texts = received.map((text) => text.replace(` ${filler}`, ''));
    expect(texts).toEqual([
      ...Array.from({ length: finals }, (_, index) => `final ${index}`),
      'final of 2',
      'partial 1 999',
      'partial 3 999',
    ]);
    outbox.deliver(partial(1, 'partial 1 1000'));
    await once(client, 'message');
    expect(received.at(-1)).toBe('partial 1 1000');
  });

  it('is closed with 4508 far above the limit', async () => {
    await using edge = await TestEdge.start({ closeTimeoutMs: 20_000 });
    const { client, socket, outbox, received, finals } = await stalledClient(edge, 1024 * kibibyte);
    for (let more = 0; more < 100; more++) outbox.deliver(final(finals + more, `more ${filler}`));
    const queuedBytes = socket.bufferedBytes;
    expect(queuedBytes).toBeLessThan((1024 + 120) * kibibyte);
    client.resume();
    await expect(closing(client)).resolves.toEqual({ code: 4508, reason: 'the client reads too slowly' });
    expect(received.length).toBeGreaterThan(finals);
    expect(received.length).toBeLessThan(finals + 100);
  });
});
