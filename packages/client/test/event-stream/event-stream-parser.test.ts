import { describe, expect, it } from '@jest/globals';
import { EventStreamParser } from '../../src/event-stream/event-stream-parser.ts';

const stream =
  'retry: 1000\n\nevent: pong\nid: 7\ndata: {"type":"pong"}\n\n:\n\ndata:1\ndata: 2\n\nevent: unfinished\ndata: 3';
const expected = ['{"type":"pong"}', '1\n2'];

describe('the parser of server-sent events', () => {
  it.each([1, 2, 3, 7, 1000])('finds the same events in chunks of %d characters', (length) => {
    const parser = new EventStreamParser();
    const found: string[] = [];
    for (let start = 0; start < stream.length; start += length) {
      found.push(...parser.push(stream.slice(start, start + length)));
    }
    expect(found).toEqual(expected);
    expect(parser.push('\n\n')).toEqual(['3']);
  });

  it('refuses an event without an end', () => {
    const parser = new EventStreamParser();
    const chunk = 'x'.repeat(100_000);
    expect(() => {
      for (let count = 0; count < 11; count += 1) parser.push(chunk);
    }).toThrow('too long');
  });
});
