import {
  sessionPathSchema,
  transcriptQuerySchema,
  transcriptReplySchema,
  type TranscriptReply,
} from '@parley/protocol/http-api';
import type { KeptTranscript } from '@parley/redis/transcript';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { readableLanguages, type TranscriptReader } from '../transcript/readable-languages.ts';
import { transcriptText, type TextFormat } from '../transcript/subtitle-text.ts';
import { TranscribedSegments } from '../transcript/transcribed-segments.ts';
import { TranscriptQueue, TranscriptQueueFullError } from '../transcript/transcript-queue.ts';
import { languageOf, linesIn, type LinesInLanguage } from '../transcript/transcript-lines.ts';
import type { HttpApi, HttpApiContext } from './http-api.ts';
import { errorReplies, HttpError } from './http-error.ts';
import { authorizeReader } from './transcript-access.ts';

/** Set if the beginning of a transcript is missing. */
export const truncatedHeader = 'Parley-Transcript-Truncated';

const textTypes = {
  srt: 'application/x-subrip',
  vtt: 'text/vtt',
  txt: 'text/plain',
} as const satisfies Record<TextFormat, string>;

type TranscriptRequest = FastifyRequest & {
  readonly params: z.infer<typeof sessionPathSchema>;
  readonly query: z.infer<typeof transcriptQuerySchema>;
};

/** `GET /v1/sessions/ID/transcript.json`, `.srt`, `.vtt` and `.txt`: what was said in a session, in one language. */
export function addTranscriptRoutes(api: HttpApi, context: HttpApiContext): void {
  const queue = new TranscriptQueue();
  const schemaOf = (format: string, content: object) => ({
    operationId: `getTranscript${format}`,
    summary: `The transcript of a session in one language, as ${format}`,
    security: [{ bearer: [] }, {}],
    params: sessionPathSchema,
    querystring: transcriptQuerySchema,
    response: { 200: content, ...errorReplies },
  });

  api.get(
    '/sessions/:sessionId/transcript.json',
    { schema: schemaOf('Json', transcriptReplySchema) },
    async (request, reply) => {
      const found = await make(request, (transcript) => Promise.resolve({ ...transcript, body: toReply(transcript) }));
      return reply.headers(headersOf(found, 'json')).send(found.body);
    },
  );

  for (const format of ['srt', 'vtt', 'txt'] as const) {
    const type = textTypes[format];
    const content = { description: 'The transcript', content: { [type]: { schema: z.string() } } };
    api.get(
      `/sessions/:sessionId/transcript.${format}`,
      { schema: schemaOf(format === 'txt' ? 'Text' : format === 'srt' ? 'Srt' : 'Vtt', content) },
      async (request, reply) => {
        const found = await make(request, async (transcript) => {
          const { session, language, lines } = transcript;
          return { ...transcript, body: await transcriptText(format, lines, { language, ...session }) };
        });
        return reply.headers(headersOf(found, format)).type(`${type}; charset=utf-8`).send(found.body);
      },
    );
  }

  /** @throws HttpError */
  async function make<Made>(
    request: TranscriptRequest,
    write: (transcript: FoundTranscript) => Promise<Made>,
  ): Promise<Made> {
    const { lang, joinCode } = request.query;
    const { session, reader } = await authorizeReader(context, request.params.sessionId, joinCode, request);
    if (!session.isKept) {
      throw new HttpError(
        'transcript-not-kept',
        'no transcripts are kept of this session; set TRANSCRIPT_RETENTION_MINUTES for later ones',
      );
    }
    try {
      return await queue.run(async () => write(await read(session, lang, reader)));
    } catch (error) {
      if (!(error instanceof TranscriptQueueFullError)) throw error;
      throw new HttpError('temporarily-unavailable', 'many transcripts are being downloaded; try again in a moment');
    }
  }

  async function read(session: KeptTranscript, lang: string, reader: TranscriptReader): Promise<FoundTranscript> {
    const segments = new TranscribedSegments();
    for await (const page of context.transcripts.read(session.sessionId)) segments.add(page);
    const languages = readableLanguages(lang, session, segments.targets(), reader);
    const { sourceLanguage } = session;
    const language = languages.at(-1);
    if (language === undefined) {
      throw reader === 'listener'
        ? new HttpError('forbidden', `the session doesn't offer ${lang} to its listeners`, 'lang')
        : new HttpError('language-not-offered', `the session isn't translated into ${lang}`, 'lang');
    }
    return { session, language, ...linesIn(segments.inOrder(), languages, sourceLanguage) };
  }
}

interface FoundTranscript extends LinesInLanguage {
  readonly session: KeptTranscript;
  readonly language: string;
}

function headersOf({ session, language }: FoundTranscript, format: TextFormat | 'json'): Record<string, string> {
  return {
    'cache-control': 'no-store',
    'content-disposition': `attachment; filename="${session.sessionId}.${language}.${format}"`,
    ...(session.isTruncated ? { [truncatedHeader]: 'true' } : {}),
  };
}

function toReply({ session, language, lines, failed }: FoundTranscript): TranscriptReply {
  const { sessionId, sourceLanguage, startedAtMs, hasEnded, isTruncated } = session;
  return {
    sessionId,
    startedAt: new Date(startedAtMs).toISOString(),
    sourceLanguage,
    language,
    ended: hasEnded,
    truncated: isTruncated,
    lines: lines.map((line) => ({
      segmentId: line.segmentId,
      text: line.text,
      language: languageOf(line),
      receivedAt: new Date(line.receivedAtMs).toISOString(),
      ...('flags' in line && line.flags !== undefined ? { flags: line.flags } : {}),
      ...(line.startMs === undefined ? {} : { startMs: line.startMs }),
      ...(line.endMs === undefined ? {} : { endMs: line.endMs }),
      ...(line.speaker === undefined ? {} : { speaker: line.speaker }),
    })),
    failed: failed.map(({ segmentId, code }) => ({ segmentId, code })),
  };
}
