import { Readable } from 'node:stream';
import { parseClientMessage } from '@parley/protocol';
import {
  createTranslationService,
  filterPartial,
  occurringTerms,
  systemClock,
  translationKeys,
  type Engine,
  type JobRequest,
} from '@parley/translation';
import { PreviewPublisher } from '../../../apps/worker/src/consumer/preview-publisher.ts';
import { chatRequest } from '../../../packages/engines/src/openai/chat-request.ts';
import { readChat } from '../../../packages/engines/src/openai/read-chat.ts';
import { dialectOf } from '../../../packages/engines/src/openai/dialect.ts';
import { checkReply } from '../../../packages/translation/src/guard/check-reply.ts';
import { splitText } from '../../../packages/translation/src/pieces/split-text.ts';
import { glossary, replyTo } from './long-text.ts';

/** A processing stage of a text. */
export interface Stage {
  readonly name: string;
  readonly run: (text: string) => unknown;
}

function requestOf(text: string): JobRequest {
  return {
    text,
    source: 'en',
    target: 'es',
    kind: 'final',
    tenant: 'one',
    glossary,
    signal: new AbortController().signal,
  };
}

/** Returns a streamed reply in chunks of four characters, as an engine sends it. */
function streamOf(reply: string): Readable {
  const pieces = reply.match(/.{1,4}/gsu) ?? [];
  const events = pieces.map((content) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`);
  const end = `data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`;
  return Readable.from([...events, end].map((event) => Buffer.from(event)));
}

const engine: Pick<Engine, 'translate'> = {
  translate: ({ text }, onText = () => undefined) => readChat(streamOf(replyTo(text)), onText),
};
const retry = { baseDelayMs: 1, maxDelayMs: 1, deadlineMs: 0, maxRateLimitWaitMs: 0 };
const service = createTranslationService({
  engine,
  retry,
  longestWaitMs: 0,
  clock: systemClock,
  random: () => 0,
});
const keyOf = translationKeys({ identity: () => 'engine', shared: false });
const style = { model: 'm', stream: true, dialect: dialectOf('m', new Set()), predictions: false };

/** All stages that need only the text. */
let searches = 0;

export const stages: readonly Stage[] = [
  {
    name: 'frame',
    run: (text) => parseClientMessage(JSON.stringify({ type: 'transcript.final', segmentId: 1, text })),
  },
  {
    name: 'filter of partials',
    run: (text) =>
      filterPartial(
        {
          text,
          stable: text.slice(0, -20),
          sentText: text.slice(0, -10),
          debouncedSinceMs: undefined,
          previousAtMs: 0,
          nowMs: 10,
        },
        { minGrowthChars: 1, holdMs: 250 },
      ),
  },
  {
    name: 'terms of a glossary of 500',
    // Another text each time, since what was found in one is kept.
    run: (text) => occurringTerms(requestOf(`${text} ${searches++}`)),
  },
  { name: 'key', run: (text) => keyOf({ ...requestOf(text), terms: [] }) },
  { name: 'pieces of a partial', run: splitText },
  { name: 'prompt', run: (text) => JSON.stringify(chatRequest({ ...requestOf(text), terms: [] }, style)) },
  { name: 'guard of the whole reply', run: (text) => checkReply(requestOf(text), replyTo(text)) },
  {
    name: 'streamed reply and previews',
    run: async (text) => {
      const preview = new PreviewPublisher({
        pending: {
          preview: (_slot, _body, knownRevision) =>
            Promise.resolve({ status: 'published', revision: knownRevision + 1 }),
        },
        segmentTarget: { sessionId: 's', segmentId: 1, target: 'es' },
        shown: { revision: 0, caption: undefined },
        isConcluded: false,
        bodyFor: (caption) => ({
          v: 1,
          language: 'en',
          receivedAtMs: 1,
          type: 'partial',
          segmentId: 1,
          targetLanguage: 'es',
          ...caption,
          queueMs: 0,
          engineMs: 0,
        }),
      });
      await service.translateFinal(requestOf(text), { onProgress: (reply) => preview.progress(reply) });
      await preview.stop();
    },
  },
];
