import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '@parley/telemetry';
import { seededRandom } from '../src/seeded-random.ts';
import { ApertiumTranslator } from '../src/translators/apertium/apertium-translator.ts';
import { findApertium } from '../src/translators/apertium/installation.ts';
import { childGroups, groupMembers } from './processes.ts';
import { randomText } from './random-text.ts';

const logger = createLogger({ LOG_LEVEL: 'silent' }, 'engine');
/** Uses a shell, because the program can't read from the socket that Node.js uses as the standard input of a child. */
const apertium = 'printf %s "$1" | apertium -u eng-spa';
const { signal } = new AbortController();

async function startApertium(maxIdleSeconds?: number): Promise<{ translator: ApertiumTranslator; group: number }> {
  const installation = await findApertium(process.env.PATH ?? '');
  if (installation === undefined) throw new Error('these tests need apertium-apy and apertium-eng-spa');
  const before = childGroups(process.pid);
  const translator = await ApertiumTranslator.start(installation, logger, maxIdleSeconds);
  const group = childGroups(process.pid).find((pid) => !before.includes(pid));
  if (group === undefined) throw new Error('apertium-apy has no process group of its own');
  return { translator, group };
}

describe('translation by Apertium', () => {
  let translator: ApertiumTranslator;

  beforeAll(async () => {
    ({ translator } = await startApertium());
  });
  afterAll(() => translator.close());

  const translate = (text: string, source: string, target: string): Promise<string> =>
    translator.translate({ text, source, target, signal });

  it.each([
    'Good morning everyone, and welcome to the project meeting.',
    'We have three topics on the agenda today, and I would like to start with the budget.',
    'Thank you',
    'The frobnicator of *Mr* Smith costs 5/6 of [that].',
    'Is it late? Yes! It is late.',
  ])('equals the output of the apertium command: %s', async (text) => {
    const expected = execFileSync('sh', ['-c', apertium, 'sh', text]).toString();
    // The command leaves a space in place of a pronoun at the start: " Tenemos" for "We have".
    expect(await translate(text, 'en', 'es')).toBe(expected.trim());
  });

  it('does not depend on the reply before the text', async () => {
    const text = 'Good morning everyone.';
    const request = { text, source: 'en', target: 'es', signal };
    expect(translator.usesPrevious).toBe(false);
    expect(await translator.translate({ ...request, previous: 'Hola.' })).toBe(await translator.translate(request));
  });

  it('goes through a third language if there is no direct pair', async () => {
    const spanish = await translate('The train is here.', 'en', 'es');
    expect(await translate('The train is here.', 'en', 'pt')).toBe(await translate(spanish, 'es', 'pt'));
  });

  it('accepts regional codes', async () => {
    const text = 'El tren está aquí.';
    expect(await translate(text, 'es-MX', 'pt-BR')).toBe('O trem está aqui.');
    expect(await translate(text, 'es', 'pt-PT')).toBe('O comboio está aqui.');
  });

  it.each(['', ' ', '\n', '  Hello.  ', 'Hello.\n', '\tHello.\n\nHello.\n\n'])(
    'keeps white space at the ends and between paragraphs: %j',
    async (text) => {
      expect(await translate(text, 'en', 'es')).toBe(text.replaceAll('Hello', 'Hola'));
    },
  );

  it('translates the end of a long text too', async () => {
    const text = 'The train is here. '.repeat(1000).trim();
    expect(await translate(text, 'en', 'es')).toBe('El tren es aquí. '.repeat(1000).trim());
  });

  it('never mixes up concurrent requests, of several pairs and with any character', async () => {
    const random = seededRandom(21);
    const pairs = [
      ['en', 'es'],
      ['es', 'ca'],
      ['en', 'pt'],
    ] as const;
    const requests = Array.from({ length: 60 }, (_, index) => {
      const number = String(10_000 + index);
      const [source, target] = pairs[index % pairs.length] ?? pairs[0];
      // The numbers identify the reply; the text between them tries to break the pipeline.
      return { number, source, target, text: `${number} ${randomText(random).replaceAll(/\d/g, '')} ${number}` };
    });
    const replies = await Promise.all(requests.map(({ text, source, target }) => translate(text, source, target)));
    for (const [index, reply] of replies.entries()) {
      const { number } = requests[index] ?? { number: '' };
      expect(reply.match(/\d{5}/g)).toEqual([number, number]);
    }
  });

  it('rejects with the reason of the signal', async () => {
    const abort = new AbortController();
    const reply = translator.translate({ text: 'Hello', source: 'en', target: 'es', signal: abort.signal });
    const reason = new Error('enough');
    abort.abort(reason);
    await expect(reply).rejects.toBe(reason);
  });
});

describe("Apertium's processes", () => {
  it('are restarted when they die, and requests wait for that', async () => {
    const { translator, group } = await startApertium();
    try {
      const request = { text: 'The train is here.', source: 'en', target: 'es', signal };
      await translator.translate(request);
      const interrupted = translator.translate(request);
      process.kill(-group, 'SIGKILL');
      expect(await interrupted).toBe('El tren es aquí.');
      expect(await translator.translate(request)).toBe('El tren es aquí.');
      expect(groupMembers(group)).toEqual([]);
    } finally {
      await translator.close();
    }
  });

  it('survive a broken pipeline', async () => {
    const { translator, group } = await startApertium();
    try {
      const request = { text: 'The train is here.', source: 'en', target: 'es', signal };
      await translator.translate(request);
      const pipeline = groupMembers(group).filter((pid) => pid !== group);
      expect(pipeline.length).toBeGreaterThan(5);
      for (const pid of pipeline) process.kill(pid, 'SIGKILL');
      expect(await translator.translate(request)).toBe('El tren es aquí.');
      expect(groupMembers(group)).toContain(group);
    } finally {
      await translator.close();
    }
  });

  it('stop when a pair is unused, and start again on demand', async () => {
    const { translator, group } = await startApertium(1);
    try {
      const request = { text: 'The train is here.', source: 'en', target: 'es', signal };
      await translator.translate(request);
      const idle = groupMembers(group).filter((pid) => pid !== group);
      const deadline = AbortSignal.timeout(20_000);
      while (idle.some((pid) => groupMembers(group).includes(pid))) {
        await translator.translate({ text: 'El tren', source: 'es', target: 'ca', signal: deadline });
        await delay(200, undefined, { signal: deadline });
      }
      expect(await translator.translate(request)).toBe('El tren es aquí.');
    } finally {
      await translator.close();
    }
  }, 30_000);

  it('have all exited after close', async () => {
    const { translator, group } = await startApertium();
    await translator.translate({ text: 'Hello', source: 'en', target: 'es', signal });
    expect(groupMembers(group).length).toBeGreaterThan(5);
    await translator.close();
    expect(groupMembers(group)).toEqual([]);
  });

  it('do not outlive an engine that is killed', async () => {
    const script = fileURLToPath(new URL('run-engine.ts', import.meta.url));
    const engine = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(engine.stdout, 'data');
    const groups = childGroups(engine.pid ?? NaN);
    expect(groups).toHaveLength(1);
    engine.kill('SIGKILL');
    await once(engine, 'exit');
    // There is no event for the exit of a grandchild.
    while (groups.some((group) => groupMembers(group).length > 0)) await delay(20);
  });
});
