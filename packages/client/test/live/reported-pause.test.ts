import { describe, expect, it } from '@jest/globals';
import { ReportedPause } from '../../src/live/reported-pause.ts';
import { resumed } from './live-edge.ts';

const paused = { type: 'session.paused' } as const;
const unpaused = { type: 'session.unpaused' } as const;
const pong = { type: 'pong' } as const;

/** Paused, and open on a new connection. */
function reconnected(): ReportedPause {
  const pause = new ReportedPause();
  expect(pause.received(paused)).toEqual([paused]);
  expect(pause.opened()).toBe(true);
  expect(pause.received(resumed())).toEqual([resumed()]);
  expect(pause.isPaused).toBe(true);
  return pause;
}

describe('ReportedPause', () => {
  it('reports each change once', () => {
    const pause = new ReportedPause();
    expect(pause.received(unpaused)).toEqual([]);
    expect(pause.received(paused)).toEqual([paused]);
    expect(pause.received(paused)).toEqual([]);
    expect(pause.isPaused).toBe(true);
    expect(pause.received(unpaused)).toEqual([unpaused]);
    expect(pause.isPaused).toBe(false);
  });

  it('reports nothing if a pause goes on after a reconnect', () => {
    const pause = reconnected();
    expect(pause.received(paused)).toEqual([]);
    expect(pause.received(pong)).toEqual([pong]);
    expect(pause.isPaused).toBe(true);
  });

  it('reports the end of a pause that it did not hear of, before anything else', () => {
    const pause = reconnected();
    expect(pause.received(pong)).toEqual([unpaused, pong]);
    expect(pause.isPaused).toBe(false);
    expect(pause.received(pong)).toEqual([pong]);
  });

  it('needs no ping if the session was not paused', () => {
    expect(new ReportedPause().opened()).toBe(false);
  });
});
