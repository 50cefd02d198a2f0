import { engineOf, startStack } from '../harness/index.ts';
import { startSpeaker } from '../harness/speaker.ts';
import type { Bench, Cell } from './bench.ts';

/** Speakers repeatedly send finals at about the same time. */
interface Talk {
  readonly sessions: number;
  readonly finalsEach: number;
  readonly everyMs: number;
}

async function speak(url: string, talk: Talk): Promise<number[]> {
  const latencies: number[] = [];
  const speakers = await Promise.all(
    Array.from({ length: talk.sessions }, () => startSpeaker(url, { sourceLanguage: 'en', targetLanguages: ['es'] })),
  );
  await Promise.all(
    speakers.map(async (speaker, index) => {
      for (let segmentId = 0; segmentId < talk.finalsEach; segmentId++) {
        const saidAtMs = performance.now();
        void speaker
          .waitForMessage((message) => message.type === 'translation.final' && message.segmentId === segmentId)
          .then(() => latencies.push(performance.now() - saidAtMs));
        await speaker.session.sendFinal({ segmentId, text: `room ${index} says its sentence ${segmentId}` });
        await new Promise((resolve) => setTimeout(resolve, talk.everyMs));
      }
      await speaker.end();
      await speaker[Symbol.asyncDispose]();
    }),
  );
  return latencies.sort((one, other) => one - other);
}

/** Compares requests and latency of finals with and without batches, under a tight rate limit and without one. */
export const batching: Bench = {
  name: 'batching',
  question: 'How many requests do batches save under a tight rate limit, and what do they cost in time?',
  async run({ quick, tell }) {
    const talk: Talk = { sessions: 12, finalsEach: quick ? 3 : 12, everyMs: 1000 };
    const rows: Cell[][] = [];
    for (const rpm of ['360', '6000']) {
      for (const BATCHING of ['on', 'off']) {
        tell(`${rpm} requests a minute, BATCHING=${BATCHING}`);
        const env = { OPENAI_RPM: rpm, BATCHING, ENGINE_LATENCY: 'fast', SINGLEFLIGHT: 'off' };
        await using stack = await startStack({ env });
        const latencies = await speak(stack.streamUrl(), talk);
        const { requests } = await engineOf(stack).stats();
        const at = (share: number): number => latencies[Math.ceil(share * latencies.length) - 1] ?? Number.NaN;
        rows.push([Number(rpm), BATCHING, latencies.length, requests, at(0.5), at(0.95)]);
      }
    }
    return { columns: ['allowed a minute', '`BATCHING`', 'finals', 'requests', 'p50 ms', 'p95 ms'], rows };
  },
};
