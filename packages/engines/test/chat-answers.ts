import type { ServerResponse } from 'node:http';
import type { Exchange } from './scripted-server.ts';

const usage = { prompt_tokens: 40, completion_tokens: 7 };

export function sendJson(
  answer: ServerResponse,
  statusCode: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  answer.writeHead(statusCode, { 'content-type': 'application/json', ...headers });
  answer.end(JSON.stringify(body));
}

export function sendError(
  answer: ServerResponse,
  statusCode: number,
  error: Record<string, unknown>,
  headers: Record<string, string> = {},
): void {
  sendJson(answer, statusCode, { error: { type: 'test_error', param: null, code: null, ...error } }, headers);
}

export function chunk(content: string, finishReason: string | null = null): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: finishReason }] })}\n\n`;
}

/** Answers a chat as the official API does: in one piece, or streamed word by word. */
export function sendTranslation({ answer, body }: Pick<Exchange, 'answer' | 'body'>, translation: string): void {
  const { stream } = JSON.parse(body) as { stream: boolean };
  if (!stream) {
    const message = { role: 'assistant', content: translation, refusal: null };
    sendJson(answer, 200, { choices: [{ index: 0, message, finish_reason: 'stop' }], usage });
    return;
  }
  answer.writeHead(200, { 'content-type': 'text/event-stream' });
  const words = translation.match(/\S+\s*/gu) ?? [];
  const parts = [
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] })}\n\n`,
    ...words.map((word) => chunk(word)),
    chunk('', 'stop'),
    `data: ${JSON.stringify({ choices: [], usage })}\n\n`,
    'data: [DONE]\n\n',
  ];
  answer.end(parts.join(''));
}
