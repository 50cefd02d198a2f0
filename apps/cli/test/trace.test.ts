import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readShippedTraces } from '../src/load/shipped-traces.ts';
import { readTrace } from '../src/trace/trace.ts';

describe('readTrace', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-trace-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('reads the five bundled traces with 15 finals each', async () => {
    const traces = await readShippedTraces();
    expect(traces.map((events) => events.filter(({ final }) => final).length)).toEqual([15, 15, 15, 15, 15]);
  });

  const write = async (content: string): Promise<string> => {
    const path = join(folder, 'trace.jsonl');
    await writeFile(path, content);
    return path;
  };
  const line = (t: number, segment = 1) => JSON.stringify({ t, segment, final: true, text: 'a' });

  it.each([
    ['{', 'is not JSON'],
    ['[]', ': Invalid input'],
    ['{"type":"speech-started","t":1}', 'segment: '],
    ['{"t":1,"segment":1,"final":"yes","text":"a"}', 'final: '],
    ['{"t":-1,"segment":1,"final":true,"text":"a"}', 't: '],
  ])('skips an invalid line, and reports file, line and field: %s', async (wrong, problem) => {
    const path = await write(`${line(1)}\n${wrong}\n\n${line(2)}\r\n`);
    const { events, problems } = await readTrace(path);
    expect(events.map(({ t }) => t)).toEqual([1, 2]);
    expect(problems).toEqual([expect.stringContaining(`${path}:2: ${problem}`)]);
  });

  it('keeps what the recognizer calls stable', async () => {
    const partial = { t: 2, segment: 1, final: false, text: 'a b', stable: 'a' };
    const { events } = await readTrace(await write([line(1), JSON.stringify(partial)].join('\n')));
    expect(events).toEqual([{ t: 1, segment: 1, final: true, text: 'a' }, partial]);
  });

  it('raises decreasing times', async () => {
    const path = await write([line(5, 1), line(3, 2), line(7, 3)].join('\n'));
    const { events, problems } = await readTrace(path);
    expect(events.map(({ t, segment }) => [t, segment])).toEqual([
      [5, 1],
      [5, 2],
      [7, 3],
    ]);
    expect(problems).toEqual([]);
  });

  it.each([
    ['\n\n', 'contains no events'],
    ['nothing\nat all', ':1: is not JSON'],
  ])('fails without any event: %j', async (content, problem) => {
    await expect(readTrace(await write(content))).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(problem) as unknown,
    });
  });
});
