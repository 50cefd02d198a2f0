import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { CaptionScreen } from '../src/captions/caption-screen.ts';
import { Captions } from '../src/captions/captions.ts';
import { terminalRows } from '../src/captions/terminal-rows.ts';
import { VirtualTerminal } from './virtual-terminal.ts';

const timing = { queueMs: 0, engineMs: 0, totalMs: 0 };

const partial = (segmentId: number, concluded: string, tentative: string, targetLanguage = 'es') =>
  ({ type: 'translation.partial', segmentId, revision: 1, targetLanguage, concluded, tentative, timing }) as const;

const final = (segmentId: number, text: string, targetLanguage = 'es') =>
  ({ type: 'translation.final', segmentId, targetLanguage, text, offset: 1, cached: false, timing }) as const;

describe('Captions', () => {
  it('separates concluded from tentative text and puts the source above its translations', () => {
    const captions = new Captions('en', ['es', 'ca']);
    captions.addTranscript(1, 'good morning', false);
    captions.addTranslation(partial(1, 'buenos ', 'días'));
    expect(captions.openSegments()).toEqual([
      {
        segmentId: 1,
        lines: [
          { language: 'en', concluded: '', tentative: 'good morning' },
          { language: 'es', concluded: 'buenos ', tentative: 'días' },
          { language: 'ca', concluded: '', tentative: '…' },
        ],
      },
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
    expect(captions.removeCompleted().map((lines) => lines.map(({ concluded }) => concluded))).toEqual([
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
    expect(captions.removeCompleted().map((lines) => lines.map(({ concluded }) => concluded))).toEqual([
      ['one', 'uno'],
    ]);
  });

  it('completes segments whose final was refused, and drops abandoned segments', () => {
    const captions = new Captions('en', ['es']);
    captions.addTranscript(1, 'far too long', true);
    captions.markRefused(1, 'text-too-long');
    expect(captions.removeCompleted().map((lines) => lines.map(({ concluded }) => concluded))).toEqual([
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

  const onTerminal = (columns: number) => {
    const terminal = new VirtualTerminal(columns);
    const screen = new CaptionScreen(terminal.stream);
    const captions = new Captions('en', ['es', 'ca']);
    const draw = (): string => {
      screen.draw(captions);
      return terminal.draw();
    };
    return { terminal, captions, draw };
  };

  it('dims only what is tentative', () => {
    const { captions, draw } = onTerminal(80);
    captions.addTranscript(1, 'good morning', false);
    captions.addTranslation(partial(1, 'buenos ', 'días'));
    expect(draw()).toContain('buenos \u001b[2mdías\u001b[22m');
    captions.addTranslation(partial(1, 'buenos días', ''));
    const concluded = draw();
    expect(concluded).toContain('buenos días');
    expect(concluded).not.toContain('\u001b[2m');
  });

  it('keeps every line of an open segment in its row when another one becomes shorter', () => {
    const { terminal, captions, draw } = onTerminal(20);
    captions.addTranscript(1, 'a', false);
    captions.addTranscript(2, 'b', false);
    captions.addTranslation(partial(1, 'uno ', 'dos tres cuatro cinco seis'));
    draw();
    const rows = () => ['es    uno', 'ca', 'en    b'].map((text) => terminal.rowOf(text));
    expect(rows()).toEqual([1, 3, 5]);
    captions.addTranslation(partial(1, 'uno ', 'dos'));
    draw();
    expect(rows()).toEqual([1, 3, 5]);
    captions.addTranslation(final(1, 'uno dos tres'));
    draw();
    expect(rows()).toEqual([1, 3, 5]);
    terminal.columns = 40;
    captions.addTranslation(final(1, 'uno dos tres.', 'ca'));
    captions.addTranslation(partial(2, 'dos', ' tres'));
    draw();
    expect(terminal.rowOf('ca    uno dos tres.')).toBe(2);
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

describe('terminalRows', () => {
  it.each([
    ['', 10, 1],
    ['0123456789', 10, 1],
    ['01234567890', 10, 2],
    ['e\u0301'.repeat(10), 10, 1],
    ['你好吗你好吗', 5, 3],
  ])('%j in %i columns', (text, columns, rows) => {
    expect(terminalRows(text, columns)).toBe(rows);
  });
});
