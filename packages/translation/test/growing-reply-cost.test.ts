import { expect, it } from '@jest/globals';
import { checkReply, type GuardedRequest } from '../src/guard/check-reply.ts';
import { GrowingReply } from '../src/guard/growing-reply.ts';

const sentence = 'We will meet tomorrow in front of the old station, and then we will walk to the river. ';
const translation = 'Mañana nos encontraremos delante de la vieja estación, y luego iremos andando al río. ';
const foreign = 'мы встретимся завтра перед вокзалом и пойдём к реке ';

function cpuMs(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** A reply in pieces of four characters, each looked at for a preview, and then judged. */
function stream(chars: number, said: string, replied: string): void {
  const request: GuardedRequest = {
    text: said.repeat(Math.ceil(chars / said.length)).slice(0, chars),
    source: 'en',
    target: 'es',
    kind: 'final',
  };
  const reply = replied.repeat(Math.ceil(chars / replied.length)).slice(0, chars);
  const growing = new GrowingReply(request);
  for (let at = 0; at < reply.length; at += 4) {
    growing.add(reply.slice(at, at + 4));
    if (growing.isOverlong || growing.showable === '') break;
  }
  checkReply(request, growing.end());
}

it.each([
  ['a translation', sentence, translation],
  ['an echo', sentence, sentence],
  ['another script', sentence, foreign],
  ['no spaces', 'ab'.repeat(40), 'cd'.repeat(40)],
  ['angle brackets', sentence, '< '.repeat(40)],
  ['white space', sentence, `a${' '.repeat(79)}`],
  ['one letter and then white space alone', sentence, `a${' '.repeat(20_000)}`],
  ['invisible', sentence, '\u200b'.repeat(80)],
  ['letters that nearly repeat the text', 'aaab', 'aaaa'],
])('what the guard does with a streamed reply that is %s grows with its length, not faster', (_, said, replied) => {
  stream(2000, said, replied);
  // The least of several, so that what else the machine does counts little.
  const least = (chars: number): number => Math.min(...[1, 2, 3].map(() => cpuMs(() => stream(chars, said, replied))));
  const [short, long] = [least(2500), least(10_000)];
  // Four times the length; quadratic work would take sixteen times as long.
  expect(long).toBeLessThan(8 * Math.max(short, 2));
  expect(long).toBeLessThan(400);
});
