import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { QualityReport } from '../../src/quality/quality-report.ts';
import { runParley } from '../run-parley.ts';
import { elementsOf } from './elements-of.ts';

/** The marked translation of each text is `[es]` and the text, so that each has one unit more than its source. */
const events = [
  { t: 0, segment: 1, final: false, text: 'we see' },
  { t: 300, segment: 1, final: false, text: 'we sea the' },
  { t: 600, segment: 1, final: false, text: 'we see the big ship' },
  { t: 1000, segment: 1, final: true, text: 'we see the big ship today' },
  { t: 1200, segment: 2, final: false, text: 'yes' },
  { t: 1500, segment: 2, final: true, text: 'yes' },
];

describe('parley quality', () => {
  let folder: string;
  let trace: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-quality-'));
    trace = join(folder, 'talk.stream.jsonl');
    await writeFile(trace, events.map((event) => JSON.stringify(event)).join('\n'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('measures each policy on marked translations', async () => {
    const [json, plot] = [join(folder, 'report.json'), join(folder, 'plot.svg')];
    const { exitCode, stdout, stderr } = await runParley(
      [
        ...['quality', trace, '--to', 'es', '--stability', 'off'],
        ...['--simple', 'naive,mask-2,agreement-2,source-agreement-2', '--json', json, '--plot', plot],
      ],
      '',
      { ENGINE_TRANSLATIONS: 'marked' },
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });

    const { kinds, files, ...run } = JSON.parse(await readFile(json, 'utf8')) as QualityReport;
    expect(run).toEqual({ engine: "the local engine's marked text", from: 'en' });
    const figures = (policy: string) => kinds.find((one) => one.policy === policy);
    const naive = {
      traces: 'talk.stream.jsonl',
      target: 'es',
      segments: 2,
      // "see" is erased once, then "sea the"; the finals have 7 + 2 units.
      normalizedErasure: 3 / 9,
      finalErasure: 0,
      unitsBehind: 0,
      coverage: 8 / 9,
      firstUnitMs: 0,
      // Delays: 0, 0, four times 600, 1000 ms against steps of 1000 / 7 ms; 0, 0 against steps of 150 ms.
      lagMs: expect.closeTo((400 / 7 - 75) / 2) as unknown,
      // The second final has the text of its partial.
      calls: 5,
    };
    expect(figures('naive')).toMatchObject(naive);
    expect(figures('naive')).not.toHaveProperty('contradicted');
    expect(figures('off')).toMatchObject(naive);
    expect(figures('off')?.tokens).toBe(figures('naive')?.tokens);
    // Shown: "[es]", "[es] we", "[es] we see the"; nothing before the second final.
    expect(figures('mask-2')).toMatchObject({
      normalizedErasure: 0,
      unitsBehind: 8 / 4,
      unitsShorter: 8 / 4,
      coverage: 4 / 9,
      firstUnitMs: 150,
      calls: 5,
    });
    // Shown: nothing, "[es] we", "[es] we"; nothing.
    expect(figures('agreement-2')).toMatchObject({
      normalizedErasure: 0,
      unitsBehind: (3 + 2 + 4 + 2) / 4,
      coverage: 2 / 9,
      firstUnitMs: 300,
      calls: 5,
    });
    // The same, translated from "we" alone.
    expect(figures('source-agreement-2')).toMatchObject({
      normalizedErasure: 0,
      unitsBehind: (3 + 2 + 4 + 2) / 4,
      coverage: 2 / 9,
      firstUnitMs: 300,
      calls: 3,
    });
    expect(files.map(({ policy }) => policy)).toEqual(kinds.map(({ policy }) => policy));

    const table = stdout.map((line) => line.split(/ {2,}/));
    expect(table).toContainEqual(
      [
        'talk.stream.jsonl',
        'es',
        'naive',
        '0.333',
        '0.000',
        '0.00',
        '0.00',
        '88.9%',
        '0 ms',
        '-',
        '-9 ms',
        '2.5',
      ].concat((Number(figures('naive')?.tokens) / 2).toFixed(0)),
    );

    const drawn = elementsOf(await readFile(plot, 'utf8'));
    expect(drawn[0]).toBe('svg');
    expect(drawn.filter((name) => name === 'polyline')).toHaveLength(3);
    // Five points, and four families in the legend.
    expect(drawn.filter((name) => name === 'circle')).toHaveLength(5 + 4);
  });

  it.each([
    [['nowhere.jsonl', '--to', 'es'], "can't read the trace nowhere.jsonl"],
    [['TRACE', '--to', 'es', '--stability', 'most'], '"most" is none of off, balanced, high'],
    [['TRACE', '--to', 'es', '--plot', '/nowhere/plot.svg'], "can't write /nowhere/plot.svg"],
  ])('rejects %j as wrong usage', async (args, problem) => {
    const { exitCode, stderr } = await runParley([
      'quality',
      ...args.map((argument) => (argument === 'TRACE' ? trace : argument)),
    ]);
    expect(stderr).toContain(problem);
    expect(exitCode).toBe(2);
  });

  it('rejects a trace with an invalid line', async () => {
    const broken = join(folder, 'broken.jsonl');
    await writeFile(broken, `${JSON.stringify(events[3])}\n{"t":1}\n`);
    const { exitCode, stderr } = await runParley(['quality', broken, '--to', 'es']);
    expect(stderr).toContain('broken.jsonl:2: segment: ');
    expect(exitCode).toBe(2);
  });
});
