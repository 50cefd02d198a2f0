import { describe, expect, it } from '@jest/globals';
import { EarlyUpdates } from '../src/partials/early-updates.ts';

describe('the beginning of a reply', () => {
  it('is shown if the rest probably takes a tenth of a second, at the pace of the reply', () => {
    const reply = new EarlyUpdates().reply('es');
    // The first piece gives no pace; then two milliseconds a character.
    expect(reply.isDue(0, 10, 100)).toBe(false);
    expect(reply.isDue(20, 20, 100)).toBe(true);
    expect(reply.isDue(80, 50, 100)).toBe(true);
    expect(reply.isDue(82, 51, 100)).toBe(false);
    expect(reply.isDue(200, 110, 100)).toBe(false);
  });

  it('is not shown if the reply comes at once', () => {
    const reply = new EarlyUpdates().reply('es');
    expect([reply.isDue(0, 80, 100), reply.isDue(0, 90, 100), reply.isDue(50, 80, 100)]).toEqual([false, false, false]);
  });

  it('is shown at most some times a second for each target, whichever reply it is of', () => {
    const updates = new EarlyUpdates();
    const [reply, next, other] = [updates.reply('es'), updates.reply('es'), updates.reply('ca')];
    for (const one of [reply, next, other]) one.isDue(0, 1, 1000);
    expect(reply.isDue(100, 20, 1000)).toBe(true);
    // Nothing was shown, since it contradicts the screen.
    expect(reply.isDue(110, 25, 1000)).toBe(true);
    reply.shown(110);
    expect(reply.isDue(259, 40, 1000)).toBe(false);
    expect(next.isDue(259, 40, 1000)).toBe(false);
    expect(other.isDue(259, 40, 1000)).toBe(true);
    expect(next.isDue(260, 40, 1000)).toBe(true);
  });

  it('remembers when its first words were shown', () => {
    const reply = new EarlyUpdates().reply('es');
    expect(reply.firstShownAtMs).toBeUndefined();
    reply.shown(5);
    reply.shown(300);
    expect(reply.firstShownAtMs).toBe(5);
  });
});
