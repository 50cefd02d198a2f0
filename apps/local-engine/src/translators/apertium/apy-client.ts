import { Pool } from 'undici';
import { z } from 'zod';
import { TranslatorUnavailableError } from '../translator.ts';
import type { ApertiumPair } from './route.ts';

/** apertium-apy handles one request per pipeline; requests that wait in this pool can still be canceled. */
const connections = 8;

/** apertium-apy itself abandons a stuck pipeline after 10 s. */
const responseTimeoutMs = 15_000;

const pairsSchema = z.object({
  responseData: z.array(z.object({ sourceLanguage: z.string(), targetLanguage: z.string() })),
});

/** A client of apertium-apy on a Unix socket. Calls reject with `TranslatorUnavailableError` or the signal's reason. */
export class ApyClient {
  readonly #pool: Pool;

  constructor(socketPath: string) {
    this.#pool = new Pool('http://apertium-apy', {
      socketPath,
      connections,
      headersTimeout: responseTimeoutMs,
      bodyTimeout: responseTimeoutMs,
    });
  }

  /** Returns the pairs that it translates directly. */
  async listPairs(signal: AbortSignal): Promise<ApertiumPair[]> {
    const body: unknown = JSON.parse(await this.#request('/listPairs', undefined, signal));
    return pairsSchema
      .parse(body)
      .responseData.map(({ sourceLanguage, targetLanguage }) => ({ source: sourceLanguage, target: targetLanguage }));
  }

  /** Translates with a pair's pipeline; input and output are in Apertium's stream format. */
  async translate(stream: string, { source, target }: ApertiumPair, signal: AbortSignal): Promise<string> {
    // With markUnknown=no it would remove all asterisks, including those of the text. The modes produce no marks.
    const form = new URLSearchParams({
      langpair: `${source}|${target}`,
      markUnknown: 'yes',
      deformat: 'False',
      q: stream,
    });
    return this.#request('/translateRaw', form.toString(), signal);
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #request(path: string, form: string | undefined, signal: AbortSignal): Promise<string> {
    try {
      const { statusCode, body } = await this.#pool.request({
        path,
        signal,
        ...(form === undefined
          ? { method: 'GET' }
          : { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: form }),
      });
      const text = await body.text();
      if (statusCode === 200) return text;
      throw new TranslatorUnavailableError(`apertium-apy responded with status ${statusCode}`);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof TranslatorUnavailableError) throw error;
      throw new TranslatorUnavailableError('apertium-apy did not respond', { cause: error });
    }
  }
}
