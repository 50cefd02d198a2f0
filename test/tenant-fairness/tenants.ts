import { partialOf, resultOf, resultsIn } from '../harness/results.ts';
import { startSpeaker, type Speaker } from '../harness/speaker.ts';
import type { TestStack } from '../harness/stack.ts';

const keys = { a: 'key-of-tenant-a-0123456789', b: 'key-of-tenant-b-0123456789' };

/** The value of `API_KEYS` for two tenants. */
export const apiKeys = Object.entries(keys)
  .map(([tenant, key]) => `${tenant}:${key}`)
  .join(',');

export function startTenant(
  stack: TestStack,
  tenant: keyof typeof keys,
  targetLanguages: readonly string[] = ['es'],
): Promise<Speaker> {
  return startSpeaker(
    stack.streamUrl(),
    { sourceLanguage: 'en', targetLanguages: [...targetLanguages] },
    {},
    keys[tenant],
  );
}

/** Returns a text of many sentences, unlike that of any other number. */
export function longText(number: number, chars: number): string {
  let text = '';
  for (let sentence = 0; text.length < chars; sentence++)
    text += `This is sentence ${sentence} of the long text ${number}. `;
  return text.slice(0, chars).trim();
}

/** What one sentence of a speaker took. */
interface Spoken {
  readonly partialMs: number;
  readonly finalMs: number;
  /** Results that others received meanwhile. */
  readonly othersFirst: number;
}

/** Says sentences of one partial and one final, each after the one before is translated. */
export async function speakQuietly(
  speaker: Speaker,
  sentences: number,
  others: readonly Speaker[] = [],
): Promise<Spoken[]> {
  const results = (): number => others.reduce((sum, { messages }) => sum + resultsIn(messages).length, 0);
  const spoken: Spoken[] = [];
  for (let segmentId = 0; segmentId < sentences; segmentId++) {
    const [before, saidAtMs] = [results(), performance.now()];
    speaker.session.sendPartial({ segmentId, revision: 0, text: `good morning ${segmentId}` });
    await speaker.waitForMessage(partialOf(segmentId));
    const partialMs = performance.now() - saidAtMs;
    const sentAtMs = performance.now();
    await speaker.session.sendFinal(
      { segmentId, text: `good morning to all of you ${segmentId}` },
      { timeoutMs: 30_000 },
    );
    await speaker.waitForMessage(resultOf(segmentId));
    spoken.push({ partialMs, finalMs: performance.now() - sentAtMs, othersFirst: results() - before });
  }
  return spoken;
}

export function describeSpoken(spoken: readonly Spoken[]): string {
  const list = (pick: (sentence: Spoken) => number): string =>
    spoken
      .map((sentence) => Math.round(pick(sentence)))
      .sort((one, other) => one - other)
      .join(', ');
  return `partials ${list(({ partialMs }) => partialMs)} ms; finals ${list(({ finalMs }) => finalMs)} ms`;
}
