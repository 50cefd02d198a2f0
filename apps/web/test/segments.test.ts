import { describe, expect, it } from '@jest/globals';
import { createSegments } from '../public/segments.js';

const recorded = () => {
  const lines: string[] = [];
  const segments = createSegments(({ segmentId, revision, text, isFinal, language }) => {
    lines.push([segmentId, revision, isFinal ? 'final' : 'partial', text, language ?? '-'].join(' '));
  });
  return { lines, segments };
};

describe('segment numbering', () => {
  it('counts segments, and revisions per segment', () => {
    const { lines, segments } = recorded();
    const one = segments.open();
    one.partial('a');
    const two = segments.open('ca');
    two.partial('x');
    one.partial('a b');
    one.final('a b.');
    two.final('x.');
    expect(lines).toEqual([
      '1 1 partial a -',
      '2 1 partial x ca',
      '1 2 partial a b -',
      '1 2 final a b. -',
      '2 1 final x. ca',
    ]);
  });

  it('skips unchanged text and everything after the final', () => {
    const { lines, segments } = recorded();
    const one = segments.open();
    one.partial('a');
    one.partial('a');
    one.final('a');
    one.partial('late');
    one.final('again');
    expect(lines).toEqual(['1 1 partial a -', '1 1 final a -']);
  });
});
