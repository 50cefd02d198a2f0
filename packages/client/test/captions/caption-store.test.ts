import { describe, expect, it } from '@jest/globals';
import type { ServerMessage } from '@parley/protocol';
import { CaptionStore, type CaptionLine } from '../../src/index.ts';
import { ended, started, timing } from '../scripted-edge.ts';

const partial = (segmentId: number, revision: number, concluded: string, tentative: string): ServerMessage => ({
  type: 'translation.partial',
  segmentId,
  targetLanguage: 'es',
  revision,
  concluded,
  tentative,
  timing,
});
const final = (segmentId: number, text: string, more: { flags?: string[]; speaker?: string } = {}): ServerMessage => ({
  type: 'translation.final',
  segmentId,
  targetLanguage: 'es',
  text,
  offset: segmentId,
  cached: false,
  timing,
  ...more,
});
const failed = (segmentId: number): ServerMessage => ({
  type: 'translation.failed',
  segmentId,
  targetLanguage: 'es',
  offset: segmentId,
  code: 'engine-timeout',
  message: '',
});
const textsOf = (lines: readonly CaptionLine[]) =>
  lines.map((line) => [line.segmentId, line.concluded, line.tentative]);

describe('CaptionStore', () => {
  it('shows an open line, concluded and tentative apart, until its final settles it', () => {
    const captions = new CaptionStore();
    captions.add(partial(1, 0, '', 'Buenos'));
    captions.add(partial(1, 2, 'Buenos', ' días'));
    captions.add(partial(1, 1, '', 'too late'));
    expect(captions.of('es')).toMatchObject({
      settled: [],
      open: [{ segmentId: 1, language: 'es', state: 'open', concluded: 'Buenos', tentative: ' días', revision: 2 }],
    });
    captions.add(final(1, 'Buenos días a todos.', { flags: ['suspect'], speaker: 'Ana' }));
    captions.add(partial(1, 3, '', 'too late'));
    captions.add(final(1, 'twice'));
    expect(captions.of('es').open).toEqual([]);
    expect(captions.of('es').settled).toEqual([
      {
        segmentId: 1,
        language: 'es',
        state: 'settled',
        concluded: 'Buenos días a todos.',
        tentative: '',
        isSuspect: true,
        isSource: false,
        revision: 2,
        speaker: 'Ana',
      },
    ]);
  });

  it('replaces a settled, failed or cleared line by its newest correction, in its place', () => {
    const captions = new CaptionStore();
    const corrected = (segmentId: number, text: string, offset: number): ServerMessage => ({
      type: 'translation.corrected',
      segmentId,
      targetLanguage: 'es',
      text,
      offset,
    });
    for (const message of [final(1, 'Uno.', { flags: ['suspect'] }), failed(2), final(3, ''), final(4, 'Cuatro.')]) {
      captions.add(message);
    }
    for (const segmentId of [1, 2, 3]) captions.add(corrected(segmentId, `new ${segmentId}`, 10 + segmentId));
    expect(textsOf(captions.of('es').settled).map(([, text]) => text)).toEqual(['new 1', 'new 2', 'new 3', 'Cuatro.']);
    expect(captions.of('es').settled[0]).toMatchObject({ isSuspect: false, state: 'settled', correctedAt: 11 });
    expect(captions.of('es').settled[1]).not.toHaveProperty('failure');
    captions.add(corrected(1, 'older', 10));
    captions.add(final(1, 'late'));
    captions.add(corrected(4, '', 20));
    captions.add(corrected(2, 'newest 2', 21));
    expect(textsOf(captions.of('es').settled).map(([, text]) => text)).toEqual(['new 1', 'newest 2', 'new 3']);
    captions.add(corrected(4, 'back', 22));
    expect(textsOf(captions.of('es').settled).at(-1)).toEqual([4, 'back', '']);
  });

  it('orders the lines by segment, whenever they are settled', () => {
    const captions = new CaptionStore();
    captions.add(partial(2, 1, '', 'dos'));
    captions.add(final(3, 'Tres.'));
    captions.add(partial(4, 1, '', 'cuatro'));
    captions.add(final(1, 'Uno.'));
    captions.add(final(2, 'Dos.'));
    expect(textsOf(captions.of('es').settled).map(([id]) => id)).toEqual([1, 2, 3]);
    expect(textsOf(captions.of('es').open)).toEqual([[4, '', 'cuatro']]);
  });

  it('keeps languages apart, and knows what was said from what was translated', () => {
    const captions = new CaptionStore();
    captions.add({ type: 'transcript.partial', segmentId: 1, revision: 1, text: 'good', language: 'en', startMs: 5 });
    captions.add(final(1, 'Good morning.', { flags: ['source'] }));
    expect(captions.of('en').open).toMatchObject([{ tentative: 'good', isSource: true, startMs: 5 }]);
    expect(captions.of('es').settled).toMatchObject([{ isSource: true }]);
    expect([...captions.getSnapshot().keys()]).toEqual(['en', 'es']);
  });

  it('keeps what was concluded of a translation that failed', () => {
    const captions = new CaptionStore();
    captions.add(partial(1, 1, 'Buenos', ' días'));
    captions.add(failed(1));
    captions.add(failed(2));
    expect(captions.of('es')).toMatchObject({
      open: [],
      settled: [
        { segmentId: 1, state: 'failed', concluded: 'Buenos', tentative: '', failure: 'engine-timeout' },
        { segmentId: 2, state: 'failed', concluded: '', tentative: '' },
      ],
    });
  });

  it('shows no line without text, and no open line after the end of the session', () => {
    const captions = new CaptionStore();
    captions.add(partial(1, 1, '', ''));
    captions.add(partial(2, 1, '', 'dos'));
    captions.add(partial(3, 1, '', 'tres'));
    captions.add(final(2, ''));
    expect(textsOf(captions.of('es').open)).toEqual([[3, '', 'tres']]);
    captions.add(ended);
    expect(captions.of('es')).toEqual({ settled: [], open: [] });
  });

  it('keeps a bounded number of lines, the newest', () => {
    const captions = new CaptionStore({ maxLines: 2 });
    for (const segmentId of [1, 2, 3]) captions.add(final(segmentId, 'x'));
    captions.add(final(1, 'again'));
    expect(captions.of('es').settled.map(({ segmentId }) => segmentId)).toEqual([2, 3]);
    for (let segmentId = 10; segmentId < 50; segmentId += 1) captions.add(partial(segmentId, 1, '', 'x'));
    expect(captions.of('es').open.map(({ segmentId }) => segmentId)).toEqual(
      Array.from({ length: 32 }, (_, n) => n + 18),
    );
    expect(() => new CaptionStore({ maxLines: 0 })).toThrow(RangeError);
  });

  it('publishes a new snapshot with each change and none without', () => {
    const { add, subscribe, getSnapshot, of } = new CaptionStore();
    const snapshots = [getSnapshot()];
    const unsubscribe = subscribe(() => snapshots.push(getSnapshot()));
    add(started);
    expect(of('es')).toBe(of('ca'));
    add(final(1, 'Uno.'));
    const settled = of('es');
    add(final(1, 'Uno.'));
    add({ type: 'transcript.final', segmentId: 1, text: 'One.', language: 'en', offset: 1 });
    add(ended);
    expect(snapshots.map((snapshot) => [...snapshot.keys()])).toEqual([[], ['es'], ['es', 'en']]);
    expect(of('es')).toBe(settled);
    unsubscribe();
    add(final(2, 'Dos.'));
    expect(snapshots).toHaveLength(3);
  });
});
