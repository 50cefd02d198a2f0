import type { StabilitySetting } from '@parley/protocol';
import { stabilityMeasures, sumCounts, type Engine } from '@parley/translation';
import { startStack } from '../harness/index.ts';
import type { Bench, Cell } from './bench.ts';
import { createEngineOf } from './engine-over-tls.ts';
import { percentile } from './percentile.ts';
import { readTalks, recognizers } from './recorded-segments.ts';
import { measureSegment, type MeasuredSegment } from './stability/measure-segment.ts';
import { playTalk } from './stability/play-talk.ts';
import { translateOnce } from './translate-many.ts';

const settings: readonly StabilitySetting[] = ['off', 'balanced', 'high'];
const targetLanguage = 'es';
const columns = [
  'recognizer',
  '`stability`',
  'erased',
  'at the final',
  'behind',
  'coverage',
  'contradicted',
  'first word p50 ms',
  'LAAL p50 ms',
];

/** Each text is translated once. */
function translatorOf(engine: Engine, signal: AbortSignal): (text: string) => Promise<string> {
  const known = new Map<string, Promise<string>>();
  return (text) => {
    const translation = known.get(text) ?? translateOnce(engine, text, signal);
    known.set(text, translation);
    return translation;
  };
}

const rounded = (value: number | undefined, digits: number): Cell => value?.toFixed(digits) ?? '-';
const percent = (value: number | undefined): Cell => (value === undefined ? '-' : `${(value * 100).toFixed(1)}%`);

function rowOf(segments: readonly MeasuredSegment[]): Cell[] {
  const measures = stabilityMeasures(sumCounts(segments.map(({ counts }) => counts)));
  const median = (of: (segment: MeasuredSegment) => number | undefined): Cell => {
    const known = segments.map(of).filter((value) => value !== undefined);
    return Math.round(percentile(known, 0.5));
  };
  return [
    rounded(measures.normalizedErasure, 3),
    rounded(measures.finalErasure, 3),
    rounded(measures.unitsBehind, 2),
    percent(measures.coverage),
    percent(measures.contradicted),
    median(({ firstWordMs }) => firstWordMs),
    median(({ lagMs }) => lagMs),
  ];
}

/** Unlike `parley quality`, which assumes that translations take no time, it plays the recordings through a running pipeline. */
export const stabilityBench: Bench = {
  name: 'stability',
  question: 'How much are captions rewritten, and how far are they behind, in a running pipeline?',
  async run({ quick, tell, signal }) {
    const rows: Cell[][] = [];
    for (const recognizer of recognizers) {
      const env = { ENGINE_LATENCY: '40/40,0.1/0.1', PARTIAL_HOLD_MS: '0', SINGLEFLIGHT: 'off' };
      await using stack = await startStack({ translations: 'apertium', env });
      const talks = quick ? readTalks(recognizer).slice(0, 1) : readTalks(recognizer);
      const played = settings.map(async (stability) => {
        const all = talks.map((events) =>
          playTalk({ url: stack.streamUrl(), events, stability, targetLanguage, signal }),
        );
        return (await Promise.all(all)).flat();
      });
      const results = await Promise.all(played);
      const engine = createEngineOf({ baseUrl: new URL('/v1', stack.engine.url).href });
      const translate = translatorOf(engine, signal);
      for (const [index, segments] of results.entries()) {
        const measured = segments.map((events) => measureSegment(events, targetLanguage, translate));
        const row = [recognizer, settings[index] ?? '', ...rowOf(await Promise.all(measured))];
        tell(row.join(', '));
        rows.push(row);
      }
      await engine.close();
    }
    return { columns, rows };
  },
};
