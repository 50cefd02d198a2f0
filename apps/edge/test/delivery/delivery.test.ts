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
});
