import { describe, expect, it } from '@jest/globals';
import { Segments } from '../../src/speak/talk/segments.ts';

describe('the segments of a talk', () => {
  const recorded = (nextId?: number) => {
    const sent: unknown[] = [];
    const sink = {
      partial: ({
        segmentId,
        revision,
        text,
        language,
      }: {
        segmentId: number;
        revision: number;
        text: string;
        language: string | undefined;
      }) => sent.push([segmentId, revision, text, language]),
      final: ({ segmentId, text }: { segmentId: number; text: string }) => sent.push([segmentId, 'final', text]),
    };
    return { sent, segments: new Segments(sink, nextId) };
  };

  it('have ascending IDs, and revisions that count only changes', () => {
    const { sent, segments } = recorded();
    const one = segments.open();
    const two = segments.open('fr');
    one.partial('a');
    one.partial('a');
    two.partial('b');
    one.partial('a c');
    one.final('a c.');
    expect(sent).toEqual([
      [1, 1, 'a', undefined],
      [2, 1, 'b', 'fr'],
      [1, 2, 'a c', undefined],
      [1, 'final', 'a c.'],
    ]);
  });

  it('send nothing after the final', () => {
    const { sent, segments } = recorded();
    const segment = segments.open();
    segment.final('a');
    segment.partial('b');
    segment.final('b');
    expect(sent).toEqual([[1, 'final', 'a']]);
  });

  it('go on above those of an earlier page', () => {
    const { segments } = recorded(7);
    expect(segments.open().segmentId).toBe(7);
    expect(segments.nextId).toBe(8);
  });
});
