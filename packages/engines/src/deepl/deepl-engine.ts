import { text as readText } from 'node:stream/consumers';
import {
  EngineError,
  EngineReplyError,
  EngineUnavailableError,
  LanguagePairUnsupportedError,
  type BatchAnswer,
  type Engine,
  type TranslationRequest,
} from '@parley/translation';
import { z } from 'zod';
import { timeoutsFor } from '../deadline.ts';
import type { EngineOptions } from '../engine-type.ts';
import { underDeadline, usesFreshConnection } from '../http-call.ts';
import type { HttpRequest } from '../pool/connection-pool.ts';
import { createConnectionPool } from '../pool/keep-alive-pool.ts';
import { embeddedError, parseJson, parseReply } from '../reply-json.ts';
import { DeepLLanguages } from './languages.ts';
import { quotaError, statusError } from './status-error.ts';

const replySchema = z.object({
  translations: z.array(z.object({ text: z.string(), billed_characters: z.int().min(0).optional().catch(undefined) })),
});

const usageSchema = z.object({
  character_count: z.number().optional().catch(undefined),
  character_limit: z.number().optional().catch(undefined),
});

/** DeepL falls back to the default formality for languages that have none. */
const formalities = { default: undefined, formal: 'prefer_more', informal: 'prefer_less' } as const;

/** Incremented whenever request parameters other than the text change, to invalidate cached translations. */
const requestVersion = 1;

/** Context that influences the translation, but is neither translated nor billed: the host's description and the history. */
function contextOf({ context = '', history = [] }: TranslationRequest): string | undefined {
  const parts = [context, ...history.map(({ text }) => text)].filter((part) => part !== '');
  return parts.length === 0 ? undefined : parts.join('\n');
}

/**
 * Creates an engine for DeepL's text API: https://developers.deepl.com/api-reference/translate. Replies are not streamed,
 * and characters are billed. Glossaries are not supported, since DeepL requires them to be stored first.
 */
export function createDeepLEngine(options: EngineOptions): Engine {
  const { origin, pathname } = new URL(options.baseUrl);
  const base = pathname.replace(/\/+$/, '');
  const pool = createConnectionPool({ ...options, origin });
  const headers = {
    'user-agent': 'parley',
    ...(options.apiKey === undefined ? {} : { authorization: `DeepL-Auth-Key ${options.apiKey}` }),
  };
  let known: DeepLLanguages | undefined;

  async function ask(
    request: Omit<HttpRequest, 'headers'>,
    contentHeaders: Record<string, string> = {},
  ): Promise<unknown> {
    const response = await pool.request({
      ...request,
      path: `${base}${request.path}`,
      headers: { ...headers, ...contentHeaders },
    });
    const text = await readText(response.body);
    if (response.statusCode < 200 || response.statusCode >= 300) throw statusError(response, text, Date.now());
    const json = parseJson(text);
    if (embeddedError(json) !== undefined) throw new EngineUnavailableError('DeepL replied with an error');
    return json;
  }

  async function languages(signal: AbortSignal): Promise<DeepLLanguages> {
    if (known !== undefined) return known;
    const [sources, targets] = await Promise.all(
      ['source', 'target'].map((type) => ask({ method: 'GET', path: `/v2/languages?type=${type}`, signal })),
    );
    return (known ??= new DeepLLanguages(sources, targets));
  }

  /** Sends texts that share the language pair and style of `first`. */
  async function send(
    first: TranslationRequest,
    texts: readonly string[],
    { signal, useFreshConnection, onSent }: Pick<HttpRequest, 'signal' | 'useFreshConnection' | 'onSent'>,
  ): Promise<BatchAnswer> {
    const pair = (await languages(signal)).pair(first.source, first.target);
    if (pair === undefined) {
      throw new LanguagePairUnsupportedError();
    }
    const body = JSON.stringify({
      text: texts,
      source_lang: pair.source,
      target_lang: pair.target,
      formality: formalities[first.formality ?? 'default'],
      context: contextOf(first),
      show_billed_characters: true,
    });
    const reply = await ask(
      { method: 'POST', path: '/v2/translate', body, signal, useFreshConnection, ...(onSent && { onSent }) },
      { 'content-type': 'application/json' },
    );
    const { translations } = parseReply(replySchema, reply);
    const told = translations.map(({ billed_characters: billed }, index) => billed ?? lengthOf(texts[index] ?? ''));
    const usage = { promptTokens: 0, completionTokens: 0, characters: told.reduce((sum, count) => sum + count, 0) };
    if (translations.length === texts.length) return { texts: translations.map(({ text }) => text), usage };
    const error = new EngineReplyError(`DeepL returned ${translations.length} translations for ${texts.length} texts`);
    error.usage = usage;
    throw error;
  }

  async function call(
    requests: readonly [TranslationRequest, ...TranslationRequest[]],
    signal: AbortSignal,
  ): Promise<BatchAnswer> {
    const texts = requests.map(({ text }) => text);
    const timeouts = { ...options, ...timeoutsFor(texts.join('\n'), options, false) };
    const useFreshConnection = requests.some(usesFreshConnection);
    const sent = { isSent: false };
    try {
      return await underDeadline(signal, timeouts, (deadlineSignal) =>
        send(requests[0], texts, {
          signal: deadlineSignal,
          useFreshConnection,
          onSent: () => void (sent.isSent = true),
        }),
      );
    } catch (error) {
      // DeepL may still translate and bill a request that was abandoned before the response.
      if (error instanceof EngineError && sent.isSent) {
        error.mayBeBilled = ['engine-timeout', 'engine-cancelled', 'engine-bad-reply'].includes(error.code);
      }
      throw error;
    }
  }

  return {
    name: origin,
    usesPrevious: () => false,
    callCapacity: () => pool.capacity,
    identity: () => `deepl ${origin}${base} request ${requestVersion}`,

    warm: (signal) =>
      underDeadline(signal, options, async (deadlineSignal) => {
        const path = `${base}/v2/languages?type=target`;
        const statusCode = await pool.warm({ method: 'GET', path, headers, signal: deadlineSignal });
        if (statusCode === 403) throw statusError({ statusCode, headers: {} }, '', Date.now());
        await languages(deadlineSignal);
      }),

    capabilities: (signal) =>
      underDeadline(signal, options, async (deadlineSignal) => ({
        languagePairs: (await languages(deadlineSignal)).pairs,
      })),

    check: (signal) =>
      underDeadline(signal, options, async (deadlineSignal) => {
        const usage = await ask({ method: 'GET', path: '/v2/usage', signal: deadlineSignal });
        const { character_count: count = 0, character_limit: limit = Infinity } = parseReply(usageSchema, usage);
        if (count >= limit) throw quotaError();
      }),

    async translate(request, onText) {
      const { texts, usage } = await call([request], request.signal);
      const text = texts[0] ?? '';
      onText?.(text);
      return { text, usage };
    },

    async translateBatch(requests, signal) {
      const [first, ...others] = requests;
      if (first === undefined) throw new RangeError('a batch must contain at least one text');
      return await call([first, ...others], signal);
    },

    close: () => pool.close(),
  };
}

/** DeepL counts code points. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}
