import { describe, expect, it } from '@jest/globals';
import { PartialCalls } from '../src/consumer/partial-calls.ts';

const slot = { sessionId: 's', segmentId: 0, target: 'pt' };

describe('the calls of a thread', () => {
  it('are cancelled by slot and text, and no others', () => {
    const calls = new PartialCalls();
    using call = calls.begin(slot);
    using otherText = calls.begin(slot);
    using otherTarget = calls.begin({ ...slot, target: 'pt-BR' });
    call.isAbout('hello');
    otherText.isAbout('hello there');
    otherTarget.isAbout('hello');
    expect(calls.cancel({ ...slot, digest: 'hello' })).toBe(1);
    expect(call.unwanted.aborted).toBe(true);
    expect([otherText.unwanted.aborted, otherTarget.unwanted.aborted]).toEqual([false, false]);
    expect(calls.cancel({ ...slot, digest: 'hello' })).toBe(0);
  });

  it('are cancelled by what came before their ticket was exchanged', () => {
    const calls = new PartialCalls();
    using call = calls.begin(slot);
    calls.cancel({ ...slot, digest: 'hello' });
    expect(call.unwanted.aborted).toBe(false);
    call.isAbout('hello');
    expect(call.unwanted.aborted).toBe(true);
  });

  it('are found no more when they have ended', () => {
    const calls = new PartialCalls();
    const call = calls.begin(slot);
    call.isAbout('hello');
    call[Symbol.dispose]();
    expect(calls.cancel({ ...slot, digest: 'hello' })).toBe(0);
  });
});
