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

describe('Captions', () => {
  it('separates stable from tentative text and puts the source above its translations', () => {
    const captions = new Captions('en', ['es', 'ca']);
    captions.addTranscript(1, 'good morning', false);
    captions.addTranslation(partial(1, 'buenos ', 'días'));
    expect(captions.openSegments()).toEqual([
      [
        { language: 'en', stable: '', tentative: 'good morning' },
        { language: 'es', stable: 'buenos ', tentative: 'días' },
        { language: 'ca', stable: '', tentative: '…' },
      ],
    ]);
    expect(captions.removeCompleted()).toEqual([]);
  });

  it('removes a segment when all its translations have arrived, in the order of the segments', () => {
    const captions = new Captions('en', ['es', 'ca']);
    captions.addTranscript(1, 'one', true);
    captions.addTranscript(2, 'two', true);
    for (const language of ['es', 'ca']) captions.addTranslation(final(2, `2 ${language}`, language));
    captions.addTranslation(final(1, 'uno'));
    expect(captions.removeCompleted()).toEqual([]);
    captions.addTranslation({ ...final(1, '', 'ca'), type: 'translation.failed', code: 'engine-timeout', message: '' });
    expect(captions.removeCompleted().map((lines) => lines.map(({ stable }) => stable))).toEqual([
      ['one', 'uno', '(not translated: engine-timeout)'],
      ['two', '2 es', '2 ca'],
    ]);
    expect(captions.openSegments()).toEqual([]);
    captions.addTranslation(final(1, 'late'));
    captions.addTranscript(1, 'once more', true);
    expect(captions.openSegments()).toEqual([]);
  });

  it('keeps the first final of a segment', () => {
    const captions = new Captions('en', ['es']);
    captions.addTranscript(1, 'one', true);
    captions.addTranscript(1, 'another', true);
    captions.addTranscript(1, 'on', false);
    captions.markRefused(1, 'segment-settled');
    captions.addTranslation(final(1, 'uno'));
    expect(captions.removeCompleted().map((lines) => lines.map(({ stable }) => stable))).toEqual([['one', 'uno']]);
  });

  it('completes segments whose final was refused, and drops abandoned segments', () => {
    const captions = new Captions('en', ['es']);
    captions.addTranscript(1, 'far too long', true);
    captions.markRefused(1, 'text-too-long');
    expect(captions.removeCompleted().map((lines) => lines.map(({ stable }) => stable))).toEqual([
      ['far too long', '(not translated: text-too-long)'],
    ]);
    for (let segmentId = 2; segmentId <= 40; segmentId++) captions.addTranscript(segmentId, 'one', false);
    captions.removeCompleted();
    expect(captions.openSegments()).toHaveLength(32);
  });
});

describe('CaptionScreen', () => {
  it('redraws open segments in place, below the completed ones', () => {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
    const screen = new CaptionScreen(stream as unknown as NodeJS.WriteStream);
    const captions = new Captions('en', ['es']);
    captions.addTranscript(1, 'good', false);
    captions.addTranslation(partial(1, '', 'bueno'));
    screen.draw(captions);
    const first = String(stream.read());
    captions.addTranscript(1, 'good morning', true);
    captions.addTranslation(final(1, 'buenos días'));
    screen.draw(captions);
    screen.close();
    const second = String(stream.read());
    expect(stripVTControlCharacters(first)).toMatch(/en {4}good\nes {4}bueno\n/);
    expect(stripVTControlCharacters(second)).toMatch(/en {4}good morning\nes {4}buenos días\n/);
    expect(second.slice(0, second.indexOf('good morning'))).toContain('\u001b[');
  });

  it('does not wrap after every letter if the terminal reports a width of 0', () => {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 0, rows: 0 });
    const screen = new CaptionScreen(stream as unknown as NodeJS.WriteStream);
    const captions = new Captions('en', ['es']);
    captions.addTranscript(1, 'good morning', false);
    screen.draw(captions);
    screen.close();
    expect(stripVTControlCharacters(String(stream.read()))).toContain('good morning');
  });
});
