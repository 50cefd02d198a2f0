import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PartialDebouncer, type OfferedPartial } from '../../src/sessions/partial-debouncer.ts';

const holdMs = 250;

/** A debouncer for one connection, with the texts that were sent directly or after a delay. */
function startDebouncing(settings = { minGrowthChars: 4, holdMs }) {
  const debouncer = new PartialDebouncer(settings, () => performance.now());
  const sent: string[] = [];
  const revisions = new Map<number, number>();
  const offer = (text: string, more: Partial<OfferedPartial> = {}) => {
    const segmentId = more.segmentId ?? 1;
    const revision = more.revision ?? (revisions.get(segmentId) ?? 0) + 1;
    revisions.set(segmentId, revision);
    const send = (): Promise<void> => {
      sent.push(text);
      return Promise.resolve();
    };
    const partial = { segmentId, revision, text, stable: undefined, contextKey: 'en es', ...more };
    const offered = debouncer.offer(partial, send);
    if (offered === 'send') sent.push(text);
    return offered;
  };
  return { debouncer, sent, offer };
}

describe('debounced partials', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => {
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  it('are sent if no newer one arrives in time', () => {
    const { sent, offer } = startDebouncing();
    expect(offer('the mining')).toBe('send');
    expect(offer('the morning')).toBe('debounced');
    jest.advanceTimersByTime(holdMs - 1);
    expect(sent).toEqual(['the mining']);
    jest.advanceTimersByTime(1);
    expect(sent).toEqual(['the mining', 'the morning']);
    expect(offer('the morning')).toBe('same');
  });

  it('are replaced by newer ones; the newest is sent when the first was due', () => {
    const { sent, offer } = startDebouncing();
    offer('how');
    for (const text of ['how a', 'how an', 'how and']) {
      jest.advanceTimersByTime(80);
      expect(offer(text)).toBe('debounced');
    }
    jest.advanceTimersByTime(holdMs - 2 * 80);
    expect(sent).toEqual(['how', 'how and']);
  });

  it('are dropped when a newer one is sent immediately', () => {
    const { sent, offer } = startDebouncing();
    offer('how');
    expect(offer('how a')).toBe('debounced');
    expect(offer('how are you feeling')).toBe('send');
    jest.advanceTimersByTime(10 * holdMs);
    expect(sent).toEqual(['how', 'how are you feeling']);
  });

  it('are dropped when the text returns to what was sent', () => {
    const { sent, offer } = startDebouncing();
    offer('how');
    offer('how a');
    expect(offer('how')).toBe('same');
    jest.advanceTimersByTime(10 * holdMs);
    expect(sent).toEqual(['how']);
  });

  it('are not replaced by an older one that arrives late', () => {
    const { sent, offer } = startDebouncing();
    offer('how', { revision: 1 });
    expect(offer('how a', { revision: 5 })).toBe('debounced');
    expect(offer('something else', { revision: 4 })).toBe('stale');
    jest.advanceTimersByTime(holdMs);
    expect(sent).toEqual(['how', 'how a']);
  });

  it('are dropped with the final of their segment only', () => {
    const { debouncer, sent, offer } = startDebouncing();
    for (const segmentId of [1, 2]) {
      offer(`how ${segmentId}`, { segmentId });
      offer(`how ${segmentId} a`, { segmentId });
    }
    debouncer.settled(1);
    jest.advanceTimersByTime(holdMs);
    expect(sent).toEqual(['how 1', 'how 2', 'how 2 a']);
  });

  it('are all sent and awaited when their connection closes', async () => {
    const { debouncer, sent } = startDebouncing();
    const { promise: done, resolve } = Promise.withResolvers<undefined>();
    const partial = { segmentId: 1, revision: 1, text: 'how', stable: undefined, contextKey: '' };
    debouncer.offer(partial, () => Promise.resolve());
    debouncer.offer({ ...partial, revision: 2, text: 'how a' }, () => done.then(() => void sent.push('how a')));
    const left = debouncer.sendAll().then(() => [...sent]);
    resolve(undefined);
    expect(await left).toEqual(['how a']);
  });

  it('are dropped with their session', async () => {
    const { debouncer, sent, offer } = startDebouncing();
    offer('how');
    offer('how a');
    debouncer.clear();
    await debouncer.sendAll();
    jest.advanceTimersByTime(10 * holdMs);
    expect(sent).toEqual(['how']);
  });

  it.each([
    ['for other targets or in another language', () => undefined, { contextKey: 'en es,ca' }],
    ['after what was sent did not arrive', (debouncer: PartialDebouncer) => debouncer.failed(1), {}],
    ['after what was sent counts no more', (debouncer: PartialDebouncer) => debouncer.forgetSent(), {}],
    ['after its segment was settled', (debouncer: PartialDebouncer) => debouncer.settled(1), {}],
  ])('do not exist if the same text comes %s', (_when, happens, more) => {
    const { debouncer, sent, offer } = startDebouncing();
    offer('how are you');
    happens(debouncer);
    expect(offer('how are you', more)).toBe('send');
    expect(sent).toEqual(['how are you', 'how are you']);
  });

  it('may restart their revisions after forgetSent', () => {
    const { debouncer, offer } = startDebouncing();
    offer('how are you', { revision: 7 });
    debouncer.forgetSent();
    expect(offer('how', { revision: 1 })).toBe('send');
  });

  it('are sent before their segment is removed because too many are open', () => {
    const { sent, offer } = startDebouncing();
    offer('how', { segmentId: 0 });
    offer('how a', { segmentId: 0 });
    for (let segmentId = 1; segmentId <= 64; segmentId++) offer('other', { segmentId });
    expect(sent.filter((text) => text !== 'other')).toEqual(['how', 'how a']);
    expect(offer('how a', { segmentId: 0 })).toBe('send');
  });

  it('do not exist if debouncing is off', () => {
    const { offer } = startDebouncing({ minGrowthChars: 4, holdMs: 0 });
    for (const text of ['how', 'how a', 'how a', 'how']) expect(offer(text)).toBe('send');
  });
});
