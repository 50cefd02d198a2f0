import { PassThrough } from 'node:stream';
import { expect, it } from '@jest/globals';
import { renderProgress, showProgress } from '../../src/subtitle-files/progress-bar.ts';
import { VirtualTerminal } from '../virtual-terminal.ts';

it('renders how much is done', () => {
  expect(renderProgress(0, 20)).toBe('[>                             ]   0% 0/20');
  expect(renderProgress(9, 20)).toBe('[=============>                ]  45% 9/20');
  expect(renderProgress(20, 20)).toBe(`[${'='.repeat(30)}] 100% 20/20`);
  expect(renderProgress(0, 0)).toContain('100%');
});

it('draws the bar in place on a terminal, below the notes, and removes it at the end', () => {
  const terminal = new VirtualTerminal(80);
  const progress = showProgress(terminal.stream, 2);
  terminal.draw();
  expect(terminal.rowOf('0/2')).toBe(0);
  progress.note('a problem');
  progress.advance();
  terminal.draw();
  expect([terminal.rowOf('a problem'), terminal.rowOf('1/2'), terminal.rowOf('0/2')]).toEqual([0, 1, -1]);
  progress[Symbol.dispose]();
  terminal.draw();
  expect([terminal.rowOf('a problem'), terminal.rowOf('1/2')]).toEqual([0, -1]);
});

it('only prints the notes where there is no terminal', () => {
  const output = new PassThrough();
  const progress = showProgress(output as unknown as NodeJS.WriteStream, 2);
  progress.advance();
  progress.note('a problem');
  progress[Symbol.dispose]();
  expect(String(output.read())).toBe('a problem\n');
});

it('draws on a terminal of unknown size', () => {
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 0, rows: 0 });
  using progress = showProgress(output as unknown as NodeJS.WriteStream, 2);
  progress.advance();
  expect(String(output.read())).toContain('1/2');
});
