import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { CaptionScreen } from '../src/captions/caption-screen.ts';
import { Captions } from '../src/captions/captions.ts';

const timing = { queueMs: 0, engineMs: 0, totalMs: 0 };

const partial = (segmentId: number, concluded: string, tentative: string, targetLanguage = 'es') =>
  ({ type: 'translation.partial', segmentId, revision: 1, targetLanguage, concluded, tentative, timing }) as const;

const final = (segmentId: number, text: string, targetLanguage = 'es') =>
  ({ type: 'translation.final', segmentId, targetLanguage, text, offset: 1, cached: false, timing }) as const;

describe('captions', () => {
  it('show what is tentative apart, source above translations', () => {
    const captions = new Captions('en', ['es', 'ca']);
    captions.spoken(1, 'good morning', false);
    captions.translated(partial(1, 'buenos ', 'días'));
    expect(captions.open()).toEqual([
      [
        { language: 'en', settled: '', tentative: 'good morning' },
        { language: 'es', settled: 'buenos ', tentative: 'días' },
        { language: 'ca', settled: '', tentative: '…' },
      ],
    ]);
    expect(captions.takeSettled()).toEqual([]);
  });

  it('take a segment out when all its translations are there, in the order of speaking', () => {
    const captions = new Captions('en', ['es', 'ca']);
    captions.spoken(1, 'one', true);
    captions.spoken(2, 'two', true);
    for (const language of ['es', 'ca']) captions.translated(final(2, `2 ${language}`, language));
    captions.translated(final(1, 'uno'));
    expect(captions.takeSettled()).toEqual([]);
    captions.translated({ ...final(1, '', 'ca'), type: 'translation.failed', code: 'engine-timeout', message: '' });
    expect(captions.takeSettled().map((lines) => lines.map(({ settled }) => settled))).toEqual([
      ['one', 'uno', '(not translated: engine-timeout)'],
      ['two', '2 es', '2 ca'],
    ]);
    expect(captions.open()).toEqual([]);
    captions.translated(final(1, 'late'));
    captions.spoken(1, 'once more', true);
    expect(captions.open()).toEqual([]);
  });

  it('keep the first final of a segment', () => {
    const captions = new Captions('en', ['es']);
    captions.spoken(1, 'one', true);
    captions.spoken(1, 'another', true);
    captions.spoken(1, 'on', false);
    captions.refused(1, 'segment-settled');
    captions.translated(final(1, 'uno'));
    expect(captions.takeSettled().map((lines) => lines.map(({ settled }) => settled))).toEqual([['one', 'uno']]);
  });

  it('go on after a final that was refused, and after segments that never get one', () => {
    const captions = new Captions('en', ['es']);
    captions.spoken(1, 'far too long', true);
    captions.refused(1, 'text-too-long');
    expect(captions.takeSettled().map((lines) => lines.map(({ settled }) => settled))).toEqual([
      ['far too long', '(not translated: text-too-long)'],
    ]);
    for (let segmentId = 2; segmentId <= 40; segmentId++) captions.spoken(segmentId, 'one', false);
    captions.takeSettled();
    expect(captions.open()).toHaveLength(32);
  });
});

describe('the caption screen', () => {
  it('redraws in place, and leaves what is settled above', () => {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
    const screen = new CaptionScreen(stream as unknown as NodeJS.WriteStream);
    const captions = new Captions('en', ['es']);
    captions.spoken(1, 'good', false);
    captions.translated(partial(1, '', 'bueno'));
    screen.draw(captions);
    const first = String(stream.read());
    captions.spoken(1, 'good morning', true);
    captions.translated(final(1, 'buenos días'));
    screen.draw(captions);
    screen.close();
    const second = String(stream.read());
    expect(stripVTControlCharacters(first)).toMatch(/en {4}good\nes {4}bueno\n/);
    expect(stripVTControlCharacters(second)).toMatch(/en {4}good morning\nes {4}buenos días\n/);
    expect(second.slice(0, second.indexOf('good morning'))).toContain('\u001b[');
  });

  it('does not wrap at every letter on a terminal that says it has no width', () => {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 0, rows: 0 });
    const screen = new CaptionScreen(stream as unknown as NodeJS.WriteStream);
    const captions = new Captions('en', ['es']);
    captions.spoken(1, 'good morning', false);
    screen.draw(captions);
    screen.close();
    expect(stripVTControlCharacters(String(stream.read()))).toContain('good morning');
  });
});
