import type { Readable } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import {
  EngineError,
  EngineRejectedError,
  withoutPreviousTurn,
  type BatchAnswer,
  type Engine,
  type EngineAnswer,
  type EngineCapabilities,
  type EngineLimits,
  type TranslationRequest,
} from '@parley/translation';
import { callError, underDeadline, usesFreshConnection } from '../http-call.ts';
import { startDeadline, timeoutsFor, type CallTimeouts } from '../deadline.ts';
import { createConnectionPool } from '../pool/keep-alive-pool.ts';
import { createApiClient } from './api-client.ts';
import { batchRequest, readBatchReply } from './batch.ts';
import { createChatClient, type AskOptions } from './chat-client.ts';
import { chatRequest, type ChatRequest } from './chat-request.ts';
import { readChat } from './read-chat.ts';
import { apiAddressOf, type OpenAiEngineOptions } from './api-address.ts';
import { readErrorBody } from './error-body.ts';
import { LearnedDialect, type Dialect } from './dialect.ts';
import { readCapabilities } from './models.ts';
import { askRaisingOutputLimit } from './raise-output-limit.ts';
import { promptVersion } from './prompt.ts';
import { limitsIn } from './rate-limit-headers.ts';
import { statusError } from './status-error.ts';

const defaultStreamFromChars = 160;

type OnText = (text: string) => void;
type Body = (dialect: Dialect) => ChatRequest;

/** Whether a status means that there is no accessible list of models; calls may succeed nevertheless. */
function hasNoModels(statusCode: number): boolean {
  return statusCode >= 400 && statusCode < 500 && ![401, 408, 429].includes(statusCode);
}

/**
 * Creates an engine for any OpenAI-compatible `POST /chat/completions`. Long texts are streamed, so that a slow reply can be
 * told from a missing one, and those whose reply may be shown while it comes.
 */
export function createOpenAiEngine(options: OpenAiEngineOptions): Engine {
  const address = apiAddressOf(options);
  const pool = createConnectionPool({ ...options, origin: address.origin });
  const api = createApiClient(pool, address);
  const learned = new LearnedDialect(options.model);
  const chat = createChatClient(api, learned);
  let known: EngineCapabilities | undefined;

  async function capabilities(signal: AbortSignal): Promise<EngineCapabilities> {
    const response = await api.request('/models', { method: 'GET', signal });
    const text = await readText(response.body);
    if (response.statusCode === 200) return readCapabilities(text, options.model);
    if (hasNoModels(response.statusCode)) return { languagePairs: undefined };
    throw statusError(response, readErrorBody(text), Date.now());
  }

  function usesPrevious(): boolean {
    return options.previousTurn ?? known?.usesPrevious ?? true;
  }

  function singleBody(request: TranslationRequest, stream: boolean): Body {
    const { model, predictions } = options;
    const asked = usesPrevious() ? request : withoutPreviousTurn(request);
    return (dialect) => chatRequest(asked, { model, stream, predictions, dialect });
  }

  function batchBody(requests: readonly TranslationRequest[]): Body {
    return (dialect) => batchRequest(requests, { model: options.model, dialect });
  }

  function streams({ text, isStreamed = false }: TranslationRequest): boolean {
    return isStreamed || text.length >= (options.streamFromChars ?? defaultStreamFromChars);
  }

  /** Makes a call, repeating the request if its output limit turns out to be too low. */
  async function call<Answer extends EngineAnswer | BatchAnswer>(
    body: Body,
    {
      signal,
      useFreshConnection,
      timeouts,
    }: Pick<AskOptions, 'signal' | 'useFreshConnection'> & { readonly timeouts: CallTimeouts },
    read: (body: Readable, onText: OnText) => Promise<Answer>,
    onText: OnText = () => undefined,
  ): Promise<Answer> {
    using deadline = startDeadline(signal, timeouts);
    let [isSent, isAnswered] = [false, false];
    let asked: Dialect | undefined;

    async function ask(onText: OnText): Promise<Answer> {
      let limits: EngineLimits | undefined;
      try {
        const response = await chat.ask((dialect) => body((asked = dialect)), {
          signal: deadline.signal,
          useFreshConnection,
          onSent: () => void (isSent = true),
        });
        isAnswered = true;
        limits = limitsIn(response.headers);
        const receive = (text: string): void => {
          deadline.pieceArrived();
          onText(text);
        };
        return { ...(await read(response.body, receive)), limits };
      } catch (error) {
        const cause = callError(error, deadline, options.connectTimeoutMs);
        if (cause instanceof EngineError) {
          // A request abandoned before its response may still be processed and billed; one that was refused or lost is not.
          cause.mayBeBilled = isAnswered || (isSent && deadline.signal.aborted);
          cause.limits ??= limits;
        }
        throw cause;
      }
    }

    return await askRaisingOutputLimit(ask, onText, () => asked !== undefined && learned.raiseThinkingTokens(asked));
  }

  return {
    name: `${address.origin} ${options.model}`,
    usesPrevious,
    callCapacity: () => pool.capacity,
    identity: () =>
      `${address.origin}${address.basePaths[0]}/chat/completions${address.search} ${options.model} prompt ${promptVersion}`,

    warm: (signal) =>
      underDeadline(signal, options, async (deadlineSignal) => {
        const statusCode = await api.warm(deadlineSignal);
        if (statusCode === 401) throw new EngineRejectedError('the engine refused the API key: status 401');
      }),

    capabilities: async (signal) => (known ??= await underDeadline(signal, options, capabilities)),

    check: (signal) =>
      underDeadline(signal, options, async (deadlineSignal) => {
        known = await capabilities(deadlineSignal);
      }),

    translate: (request, onText) => {
      const stream = streams(request);
      const { signal, text } = request;
      const timeouts = timeoutsFor(text, options, stream);
      const useFreshConnection = usesFreshConnection(request);
      return call(singleBody(request, stream), { signal, useFreshConnection, timeouts }, readChat, onText);
    },

    translateBatch: (requests, signal) => {
      const timeouts = timeoutsFor(requests.map(({ text }) => text).join('\n'), options, false);
      const useFreshConnection = requests.some(usesFreshConnection);
      return call(batchBody(requests), { signal, useFreshConnection, timeouts }, (body) =>
        readBatchReply(body, requests.length),
      );
    },

    countedTokens: (requests) => {
      const [only, ...others] = requests;
      return chat.countedTokens(only && others.length === 0 ? singleBody(only, false) : batchBody(requests));
    },

    close: () => pool.close(),
  };
}
