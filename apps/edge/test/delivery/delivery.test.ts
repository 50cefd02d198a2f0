import { describe, expect, it } from '@jest/globals';
import type { ServerMessage } from '@parley/protocol';
import { textFrame } from '../../src/core/text-frame.ts';
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

describe('session.ended', () => {
  const usage = { segments: 1, translations: 1, cached: 0, tokens: 7 };
  const counts = {
    finalUnits: 70,
    erasedUnits: 10,
    erasedUnitsAtFinal: 0,
    coveredUnits: 63,
    concludedUnits: 60,
    contradictedUnits: 1,
    unitsBehind: 50,
    revisions: 30,
  };
  const none = Object.fromEntries(Object.keys(counts).map((name) => [name, 0])) as typeof counts;

  function endedFrame(stability?: typeof counts): unknown {
    const entry = { v: 1, type: 'ended', usage, ...(stability && { stability }) } as const;
    const { message } = new Delivery({ kind: 'log', offset: 9, entry });
    return JSON.parse(JSON.stringify(message));
  }

  it.each([
    [
      'rounded to three decimals',
      counts,
      { normalizedErasure: 0.143, finalErasure: 0, unitsBehind: 1.667, coverage: 0.9, contradicted: 0.017 },
    ],
    [
      'without those that have nothing to divide by',
      { ...none, finalUnits: 4 },
      { normalizedErasure: 0, finalErasure: 0, coverage: 0 },
    ],
  ])('has the figures of stability, %s', (_what, sums, stability) => {
    expect(endedFrame(sums)).toStrictEqual({ type: 'session.ended', usage, stability });
  });

  it('has no figures if nothing was counted', () => {
    expect(endedFrame()).toStrictEqual({ type: 'session.ended', usage });
  });
});
