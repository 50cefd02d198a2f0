import { describe, expect, it } from '@jest/globals';
import type { ServerMessage } from '@parley/protocol';
import { textFrame } from '../../src/core/socket.ts';
import { Delivery } from '../../src/delivery/delivery.ts';

describe('a delivery', () => {
  it('is built and serialized once, on first use', () => {
    const made: ServerMessage[] = [];
    const entry = {
      v: 1,
      type: 'failed',
      segmentId: 1,
      targetLanguage: 'es',
      code: 'internal',
      message: 'no',
    } as const;
    const delivery = new Delivery({ kind: 'log', offset: 7, entry }, (message) => made.push(message));
    expect(made).toEqual([]);
    const { message, frame } = delivery;
    expect(frame).toEqual(textFrame(JSON.stringify(message)));
    expect(delivery.message).toBe(message);
    expect(delivery.frame).toBe(frame);
    expect(made).toEqual([message]);
  });

  it.each([
    ['nothing', undefined, '', 'buenos días 👋'],
    ['its beginning', 7, 'buenos ', 'días 👋'],
    ['all of it', 14, 'buenos días 👋', ''],
    ['half of a surrogate pair', 13, 'buenos días ', '👋'],
    ['more than it has', 99, 'buenos días 👋', ''],
  ])('splits a translation of which this is concluded: %s', (_what, concludedLength, concluded, tentative) => {
    const partial = {
      v: 1,
      language: 'en',
      receivedAtMs: 0,
      type: 'partial',
      segmentId: 1,
      targetLanguage: 'es',
      text: 'buenos días 👋',
      ...(concludedLength === undefined ? {} : { concludedLength }),
      queueMs: 0,
      engineMs: 0,
    } as const;
    const { message } = new Delivery({ kind: 'partial', head: 0, revision: 3, partial });
    expect(message).toMatchObject({ type: 'translation.partial', revision: 3, concluded, tentative });
  });
});
