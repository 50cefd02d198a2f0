import { describe, expect, it } from '@jest/globals';
import { checkReply } from '../src/guard/check-reply.ts';
import { EngineReplyError } from '../src/index.ts';

const long = 'We will meet tomorrow morning in front of the station.';
const names = 'Johann Sebastian Bach, Wolfgang Amadeus Mozart, Joseph Haydn';
const numbers = '2026, 2027, 2028, 2029, 2030, 2031, 2032, 2033, 2034';
const chinese = '我们明天早上在车站前面见面';

describe('checkReply', () => {
  it.each([
    ['Hola', 'Hello', 'es', 'en'],
    ['Amen', 'Amen', 'en', 'es'],
    ['OK', 'OK', 'en', 'de'],
    ['2026', '2026', 'en', 'es'],
    ['Barcelona', 'Barcelona', 'en', 'ca'],
    ["I'm sorry, I can't help with that.", 'Lo siento, no puedo ayudar con eso.', 'en', 'es'],
    ['Can you translate this?', '¿Puedes traducir esto?', 'en', 'es'],
    [names, names, 'en', 'de'],
    [numbers, numbers, 'en', 'es'],
    [long, long, 'en-US', 'en-GB'],
    [long, long, 'hr', 'sr-Latn'],
    [long, long, 'nb', 'da'],
    [long, 'We will meet tomorrow morning in front of the estación.', 'en', 'es'],
    [chinese, 'We will meet in front of the station tomorrow morning.', 'zh', 'en'],
    [long, chinese, 'en', 'zh'],
    ['No', 'a'.repeat(210), 'en', 'es'],
    ['', '', 'en', 'es'],
    [' ', '', 'en', 'es'],
  ])('lets %j -> %j (%s to %s) pass', (text, reply, source, target) => {
    expect(checkReply({ text, source, target }, reply)).toBeUndefined();
  });

  it.each([
    ['empty', 'Good morning', '', 'en', 'es'],
    ['white space', 'Good morning', ' \n', 'en', 'es'],
    ['an echo', long, long, 'en', 'es'],
    ['an echo but for white space', long, ` ${long.replaceAll(' ', '  ')}\n`, 'en', 'es'],
    ['an echo in another script', chinese.repeat(4), chinese.repeat(4), 'zh', 'en'],
    ['too long', 'No', 'a'.repeat(211), 'en', 'es'],
    ['too long', long, `${long} `.repeat(10), 'en', 'es'],
  ])('finds %s', (_, text, reply, source, target) => {
    const problem = checkReply({ text, source, target }, reply);
    expect(problem).toBeInstanceOf(EngineReplyError);
    expect(problem?.message).not.toMatch(/morning|station|车站|aa/);
  });
});
