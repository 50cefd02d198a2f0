import { describe, expect, it } from '@jest/globals';
import type { ServerMessage } from '@parley/protocol';
import { HeardCaptions } from '../src/captions/heard-captions.ts';
import { terminalListenerView } from '../src/captions/listener-views.ts';
import { VirtualTerminal } from './virtual-terminal.ts';

const timing = { queueMs: 0, engineMs: 0, totalMs: 0 };
const partial = (segmentId: number, concluded: string, tentative: string, targetLanguage = 'es'): ServerMessage => ({
  ...({ type: 'translation.partial', segmentId, revision: 1, targetLanguage, concluded, tentative, timing } as const),
});
const final = (segmentId: number, text: string, targetLanguage = 'es'): ServerMessage => ({
  ...({ type: 'translation.final', segmentId, targetLanguage, text, offset: 1, cached: false, timing } as const),
});

const captionsOf = (...messages: ServerMessage[]): HeardCaptions => {
  const captions = new HeardCaptions();
  for (const message of messages) captions.add(message);
  return captions;
};

describe('HeardCaptions', () => {
  it('shows each language of a segment until its own final', () => {
    const captions = captionsOf(
      partial(1, 'buenos ', 'días'),
      { type: 'transcript.partial', segmentId: 1, revision: 1, text: 'good morning', language: 'en' },
      partial(2, '', 'hola'),
      { type: 'transcript.final', segmentId: 1, text: 'Good morning.', language: 'en', offset: 1 },
    );
    expect(captions.openSegments()).toEqual([
      { segmentId: 1, lines: [{ language: 'es', concluded: 'buenos ', tentative: 'días' }] },
      { segmentId: 2, lines: [{ language: 'es', concluded: '', tentative: 'hola' }] },
    ]);
    expect(captions.removeCompleted()).toEqual([[{ language: 'en', concluded: 'Good morning.', tentative: '' }]]);
    expect(captions.removeCompleted()).toEqual([]);
  });

  it('shows the text of a failure, and nothing for a segment that was cleared', () => {
    const failure = { type: 'translation.failed', code: 'engine-timeout', message: '', offset: 1 } as const;
    const captions = captionsOf(
      { ...failure, segmentId: 1, targetLanguage: 'es' },
      partial(2, '', 'hm'),
      final(2, ''),
      partial(3, '', 'hm'),
      partial(3, '', ' '),
    );
    expect(captions.openSegments()).toEqual([]);
    expect(captions.removeCompleted().map(([line]) => line?.concluded)).toEqual(['(not translated: engine-timeout)']);
  });

  it('keeps at most 32 open segments, the newest ones', () => {
    const captions = captionsOf(...Array.from({ length: 40 }, (_, segmentId) => partial(segmentId, '', 'open')));
    expect(captions.openSegments().map(({ segmentId }) => segmentId)).toEqual(
      Array.from({ length: 32 }, (_, index) => index + 8),
    );
  });
});

it('redraws partials in place below the finals and notices', () => {
  const terminal = new VirtualTerminal(80);
  using view = terminalListenerView(terminal.stream);
  view.onMessage(partial(1, '', 'buen día'));
  view.onMessage(partial(1, 'buenos', ' días'));
  terminal.draw();
  expect(terminal.rowOf('es    buenos días')).toBe(0);
  expect(terminal.rowOf('buen día')).toBe(-1);
  view.onNotice('reconnecting');
  view.onMessage(final(1, 'Buenos días.'));
  view.onMessage(partial(2, '', 'hola'));
  terminal.draw();
  const rows = ['(reconnecting)', 'Buenos días.', 'hola'].map((text) => terminal.rowOf(text));
  expect(rows).toEqual([...rows].sort((one, other) => one - other));
  expect(rows).not.toContain(-1);
  expect(terminal.rowOf('buenos días')).toBe(-1);
});
