import { text as readText } from 'node:stream/consumers';
import {
  EngineUnavailableError,
  LanguagePairUnsupportedError,
  type Engine,
  type TranslationRequest,
} from '@parley/translation';
import { z } from 'zod';
import { timeoutsFor } from '../deadline.ts';
import type { EngineOptions } from '../engine-type.ts';
import type { HttpRequest } from '../pool/connection-pool.ts';
import { createConnectionPool } from '../pool/keep-alive-pool.ts';
import { embeddedError, parseJson, parseReply } from '../reply-json.ts';
import { underDeadline, usesFreshConnection } from '../http-call.ts';
import { Languages } from './languages.ts';
import { statusError } from './status-error.ts';

/** Some servers reply with a list even for a single text. */
const replySchema = z.object({
  translatedText: z.union([z.string(), z.tuple([z.string()]).transform(([text]) => text)]),
});

/**
 * Creates an engine for a LibreTranslate server: https://docs.libretranslate.com/guides/api_usage/ and the specification at
 * each server's `/docs`. Replies are not streamed and have no usage; context, formality and glossary are not supported.
 */
export function createLibreTranslateEngine(options: EngineOptions): Engine {
  const { origin, pathname } = new URL(options.baseUrl);
  const base = pathname.replace(/\/+$/, '');
  const pool = createConnectionPool({ ...options, origin });
  // Error messages are matched in English.
  const headers = { 'user-agent': 'parley', 'accept-language': 'en' };
  const languagesRequest = { method: 'GET', path: `${base}/languages`, headers } as const;
  let known: Languages | undefined;

  async function ask(request: HttpRequest): Promise<unknown> {
    const response = await pool.request(request);
    const text = await readText(response.body);
    if (response.statusCode < 200 || response.statusCode >= 300) throw statusError(response, text, Date.now());
    const json = parseJson(text);
    if (embeddedError(json) !== undefined) throw new EngineUnavailableError('the engine replied with an error');
    return json;
  }

  async function languages(signal: AbortSignal): Promise<Languages> {
    return (known ??= new Languages(await ask({ ...languagesRequest, signal })));
  }

  async function translate(request: TranslationRequest, signal: AbortSignal): Promise<string> {
    const { text, source, target } = request;
    const pair = (await languages(signal)).pair(source, target);
    if (pair === undefined) {
      throw new LanguagePairUnsupportedError();
    }
    const key = options.apiKey === undefined ? {} : { api_key: options.apiKey };
    const reply = await ask({
      method: 'POST',
      path: `${base}/translate`,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ q: text, ...pair, format: 'text', ...key }),
      signal,
      useFreshConnection: usesFreshConnection(request),
    });
    return parseReply(replySchema, reply).translatedText;
  }

  return {
    name: origin,
    usesPrevious: () => false,
    callCapacity: () => pool.capacity,
    identity: () => origin,

    warm: (signal) =>
      underDeadline(signal, options, async (deadlineSignal) => {
        await pool.warm({ ...languagesRequest, signal: deadlineSignal });
        await languages(deadlineSignal);
      }),

    capabilities: (signal) =>
      underDeadline(signal, options, async (deadlineSignal) => ({
        languagePairs: (await languages(deadlineSignal)).pairs,
      })),

    check: (signal) =>
      underDeadline(signal, options, async (deadlineSignal) => {
        known = new Languages(await ask({ ...languagesRequest, signal: deadlineSignal }));
      }),

    async translate(request, onText) {
      const timeouts = { ...options, ...timeoutsFor(request.text, options, false) };
      const text = await underDeadline(request.signal, timeouts, (signal) => translate(request, signal));
      onText?.(text);
      return { text };
    },

    close: () => pool.close(),
  };
}
