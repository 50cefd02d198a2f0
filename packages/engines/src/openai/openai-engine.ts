import { text as readText } from 'node:stream/consumers';
import {
  EngineError,
  EngineRejectedError,
  type BatchPiece,
  type Engine,
  type EngineCapabilities,
  type TranslationPiece,
  type TranslationRequest,
} from '@parley/translation';
import { callError } from '../call-error.ts';
import { startDeadline, timeoutsFor, type CallTimeouts, type Deadline } from '../deadline.ts';
import { goesApart } from '../goes-apart.ts';
import type { HttpResponse } from '../pool/connection-pool.ts';
import { createConnectionPool } from '../pool/create-connection-pool.ts';
import { underDeadline } from '../under-deadline.ts';
import { createApiClient } from './api-client.ts';
import { batchRequest, readBatchReply } from './batch.ts';
import { createChatClient, type AskOptions } from './chat-client.ts';
import { chatRequest, type ChatRequest } from './chat-request.ts';
import { readChat } from './chat-stream.ts';
import type { Dialect } from './dialect.ts';
import { endpointOf } from './endpoint.ts';
import { readErrorBody } from './error-body.ts';
import { LearnedDialect } from './learned-dialect.ts';
import { readCapabilities } from './models.ts';
import { askRaisingOutputLimit } from './raise-output-limit.ts';
import type { OpenAiEngineOptions } from './options.ts';
import { promptVersion } from './prompt.ts';
import { limitsIn } from './rate-limit-headers.ts';
import { statusError } from './status-error.ts';

type LimitsPiece = Extract<TranslationPiece, { type: 'limits' }>;
type Body = (dialect: Dialect) => ChatRequest;

/** Whether a status says that the endpoint has no list of models, or not for us; calls may succeed nevertheless. */
function hasNoModels(statusCode: number): boolean {
  return statusCode >= 400 && statusCode < 500 && ![401, 408, 429].includes(statusCode);
}

async function* readPieces({ body }: HttpResponse, deadline: Deadline): AsyncGenerator<TranslationPiece> {
  for await (const piece of readChat(body)) {
    deadline.pieceArrived();
    yield piece;
  }
}

/**
 * The engine behind any OpenAI-compatible `POST /chat/completions`. Short texts come in one piece, long ones are streamed:
 * their pieces tell that the engine is at work.
 */
export function createOpenAiEngine(options: OpenAiEngineOptions): Engine {
  const endpoint = endpointOf(options);
  const pool = createConnectionPool({ ...options, origin: endpoint.origin });
  const api = createApiClient(pool, endpoint);
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

  function singleBody(request: TranslationRequest, stream: boolean): Body {
    const { model, predictions } = options;
    return (dialect) => chatRequest(request, { model, stream, predictions, dialect });
  }

  function batchBody(requests: readonly TranslationRequest[]): Body {
    return (dialect) => batchRequest(requests, { model: options.model, dialect });
  }

  function streams({ text }: TranslationRequest): boolean {
    return text.length >= options.streamFromChars;
  }

  async function* call<Piece extends TranslationPiece | BatchPiece>(
    body: Body,
    { signal, apart, timeouts }: Pick<AskOptions, 'signal' | 'apart'> & { readonly timeouts: CallTimeouts },
    read: (response: HttpResponse, deadline: Deadline) => AsyncIterable<Piece>,
  ): AsyncGenerator<Piece | LimitsPiece> {
    using deadline = startDeadline(signal, timeouts);
    let [isSent, isAnswered] = [false, false];
    let asked: Dialect | undefined;
    async function* ask(): AsyncGenerator<Piece | LimitsPiece> {
      // Reading is what ends the request: to the end, or at the piece where it fails or isn't wanted any more.
      const onSent = (): void => void (isSent = true);
      const response = await chat.ask((dialect) => body((asked = dialect)), {
        signal: deadline.signal,
        apart,
        onSent,
      });
      isAnswered = true;
      const limits = limitsIn(response.headers);
      if (limits !== undefined) yield { type: 'limits', limits };
      yield* read(response, deadline);
    }
    try {
      yield* askRaisingOutputLimit(ask, () => asked !== undefined && learned.raiseThinkingTokens(asked));
    } catch (error) {
      const cause = callError(error, deadline, options.connectTimeoutMs);
      // What was left before its answer may still be translated; what was refused or lost is not.
      if (cause instanceof EngineError) cause.mayBeBilled = isAnswered || (isSent && deadline.signal.aborted);
      throw cause;
    }
  }

  return {
    name: `${endpoint.origin} ${options.model}`,
    identity: () =>
      `${endpoint.origin}${endpoint.basePaths[0]}/chat/completions${endpoint.search} ${options.model} prompt ${promptVersion}`,

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

    translate: (request) => {
      const stream = streams(request);
      const { signal, text } = request;
      const timeouts = timeoutsFor(text, options, stream);
      return call(singleBody(request, stream), { signal, apart: goesApart(request), timeouts }, (response, deadline) =>
        readPieces(response, deadline),
      );
    },

    translateBatch: (requests, signal) => {
      const timeouts = timeoutsFor(requests.map(({ text }) => text).join('\n'), options, false);
      return call(batchBody(requests), { signal, apart: requests.some(goesApart), timeouts }, ({ body }) =>
        readBatchReply(readChat(body), requests.length),
      );
    },

    countedTokens: (requests) => {
      const [only, ...others] = requests;
      return chat.countedTokens(only && others.length === 0 ? singleBody(only, false) : batchBody(requests));
    },

    close: () => pool.close(),
  };
}
