import { describe, expect, it } from '@jest/globals';
import { EngineReplyError, EngineUnavailableError, termsOf, type JobRequest } from '../src/index.ts';
import { translatePieces } from '../src/pieces/translate-pieces.ts';

const request: JobRequest = {
  text: '',
  source: 'en',
  target: 'es',
  kind: 'partial',
  tenant: 'one',
  previous: { text: 'before', translation: 'lo de antes' },
  signal: new AbortController().signal,
};
const sentences = Array.from({ length: 40 }, (_, index) => `This is the sentence that has the number ${index} in it.`);

const unlimited = (): Disposable => ({ [Symbol.dispose]: () => undefined });

function serviceOf(
  answer: (request: JobRequest) => string | Promise<string> = ({ text }) => `<${text}>`,
  trySlot: () => Disposable | undefined = unlimited,
  nextTurn: (text: string) => Promise<void> = () => Promise.resolve(),
) {
  const [whole, asked]: [JobRequest[], JobRequest[]] = [[], []];
  const known = new Map<string, string>();
  const result = (text: string) => ({ text, engineMs: 7, attempts: 1, cached: false, joined: false });
  const translateWhole = (given: JobRequest) => Promise.resolve(result(`[${whole.push(given)}]`));
  const translatePiece = async (given: JobRequest) => {
    const found = known.get(given.text);
    if (found !== undefined) return { ...result(found), cached: true };
    asked.push(given);
    const text = await answer(given);
    known.set(given.text, text);
    return result(text);
  };
  const calls = { translate: translateWhole, translatePiece, trySlot, nextTurn };
  const translate = (given: JobRequest) => translatePieces(given, calls);
  return { translate, whole, asked };
}

describe('a long partial', () => {
  it('is translated in pieces, of which only the last ones are asked for as it grows', async () => {
    const { translate, whole, asked } = serviceOf();
    const counts: number[] = [];
    for (let count = 10; count <= sentences.length; count++) {
      const text = sentences.slice(0, count).join(' ');
      const before = asked.length;
      const translated = await translate({ ...request, text });
      counts.push(asked.length - before);
      expect(translated.text.replaceAll(/[<>]/g, '')).toBe(text);
    }
    expect(whole).toEqual([]);
    expect(counts[0]).toBeLessThan(6);
    expect(Math.max(...counts.slice(1))).toBeLessThanOrEqual(2);
    expect(Math.max(...asked.map(({ text }) => text.length))).toBeLessThanOrEqual(200);
  });

  it('is asked for as a whole up to 400 letters', async () => {
    const { translate, whole, asked } = serviceOf();
    await translate({ ...request, text: 'x'.repeat(400) });
    expect(whole).toHaveLength(1);
    expect(asked).toEqual([]);
  });

  it('has each piece with its own terms and without what was shown of the whole', async () => {
    const { translate, asked } = serviceOf();
    const glossary = ['number 9', 'sentence', 'nowhere'].map((source) => ({ source, target: 'x' }));
    await translate({ ...request, glossary, text: sentences.slice(0, 12).join(' ') });
    const terms = asked.map((piece) => termsOf(piece).map(({ source }) => source));
    expect(terms[0]).toEqual(['sentence']);
    expect(terms.filter((found) => found.includes('number 9'))).toHaveLength(1);
    expect(asked.every(({ previous }) => previous === undefined)).toBe(true);
  });

  it('shows its end also where a piece before it can not be translated', async () => {
    const text = sentences.slice(0, 12).join(' ');
    const { translate } = serviceOf((piece) => {
      if (piece.text.includes('number 2 ')) throw new EngineReplyError('odd');
      return piece.text;
    });
    const translated = await translate({ ...request, text });
    expect(translated.text).toContain('… ');
    expect(translated.text).toMatch(/number 11 in it\.$/);
  });

  it.each([
    ['its last piece is odd', 'number 11 ', new EngineReplyError('odd')],
    ['the engine is away', 'number 2 ', new EngineUnavailableError('down')],
  ])('fails as a whole where %s', async (_what, where, error) => {
    const { translate } = serviceOf((piece) => {
      if (piece.text.includes(where)) throw error;
      return piece.text;
    });
    await expect(translate({ ...request, text: sentences.slice(0, 12).join(' ') })).rejects.toBe(error);
  });

  it('limits concurrent calls for pieces', async () => {
    let [underWay, most] = [0, 0];
    const { translate } = serviceOf(async ({ text }) => {
      most = Math.max(most, ++underWay);
      await new Promise(setImmediate);
      underWay--;
      return text;
    });
    await translate({
      ...request,
      text: Array.from({ length: 5 }, () => sentences.join(' ')).join(' '),
    });
    expect(most).toBe(16);
  });

  it('makes no more concurrent calls than it has slots, and gives each back', async () => {
    let [underWay, most, taken] = [0, 0, 0];
    const trySlot = (): Disposable | undefined => {
      if (taken === 2) return undefined;
      taken++;
      return { [Symbol.dispose]: () => (taken -= 1) };
    };
    const { translate, asked } = serviceOf(async ({ text }) => {
      most = Math.max(most, ++underWay);
      await new Promise(setImmediate);
      underWay--;
      return text;
    }, trySlot);
    const text = sentences.join(' ');
    expect((await translate({ ...request, text })).text).toBe(text);
    expect(asked.length).toBeGreaterThan(6);
    expect([most, taken]).toEqual([3, 0]);
  });

  it('I13: takes turns with the calls of others, but not for pieces that are known', async () => {
    const turns: string[] = [];
    const takeTurn = (text: string): Promise<void> => {
      turns.push(text);
      return Promise.resolve();
    };
    const { translate, asked } = serviceOf(
      ({ text }) => text,
      () => undefined,
      takeTurn,
    );
    await translate({ ...request, text: sentences.slice(0, 20).join(' ') });
    expect(turns).toEqual(asked.slice(1).map(({ text }) => text));
    const before = asked.length;
    await translate({ ...request, text: sentences.slice(0, 20).join(' ') });
    expect([asked.length, turns.length]).toEqual([before, before - 1]);
  });

  it('ends if it is cancelled while it waits for its turn', async () => {
    const cancelled = new EngineUnavailableError('cancelled');
    const { translate, asked } = serviceOf(
      ({ text }) => text,
      () => undefined,
      () => Promise.reject(cancelled),
    );
    await expect(translate({ ...request, text: sentences.join(' ') })).rejects.toBe(cancelled);
    expect(asked).toHaveLength(1);
  });

  it('fails when its other calls have ended, begins no further ones, and keeps what they returned', async () => {
    const other = Promise.withResolvers<string>();
    const error = new EngineUnavailableError('down');
    let ended = false;
    let slots = 1;
    const { translate, asked } = serviceOf(
      ({ text }) => {
        if (text.includes('number 0 ')) return other.promise;
        throw error;
      },
      () => (slots-- > 0 ? unlimited() : undefined),
    );
    const failed = translate({ ...request, text: sentences.join(' ') }).catch((cause: unknown) => {
      ended = true;
      return cause;
    });
    await new Promise(setImmediate);
    expect([asked.length, ended]).toEqual([2, false]);
    other.resolve('the first piece');
    expect(await failed).toBe(error);
    expect(asked).toHaveLength(2);
  });

  it('is put together without spaces in a language that has none', async () => {
    const { translate } = serviceOf(() => '字');
    const { text } = await translate({ ...request, target: 'zh-Hant', text: sentences.join(' ') });
    expect(text).toMatch(/^字+$/);
  });
});
