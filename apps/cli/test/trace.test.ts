import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readShippedTraces } from '../src/load/shipped-traces.ts';
import { readTrace } from '../src/trace/trace.ts';

describe('reading a trace', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-trace-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('finds the five shipped ones, 15 finals each', async () => {
    const traces = await readShippedTraces();
    expect(traces.map((events) => events.filter(({ final }) => final).length)).toEqual([15, 15, 15, 15, 15]);
  });

  it.each([
    ['{"t":1,"segment":1,"final":true,"text":"a"}\n{', ':2: is not JSON'],
    ['{"t":1,"segment":1,"final":"yes","text":"a"}', ':1: final: '],
    ['{"t":2,"segment":1,"final":false,"text":"a"}\n{"t":1,"segment":1,"final":true,"text":"a"}', ':2: t: goes back'],
    ['\n\n', 'holds no events'],
  ])('names file, line and field of what is wrong: %j', async (content, problem) => {
    const path = join(folder, 'trace.jsonl');
    await writeFile(path, content);
    await expect(readTrace(path)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(problem) as unknown,
    });
  });
});
