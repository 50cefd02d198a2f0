import { parseClientMessage, type ClientMessage, type ServerMessage, type ServerMessageType } from '@parley/protocol';
import type { HostileFrame } from './hostile-frames.ts';

/** The default limits of an edge. */
const maxTextChars = 10_000;
const maxFrameBytes = { host: 256 * 1024, listener: 4 * 1024 } as const;

/** What answers a message that is not refused; nothing answers the others. */
const replies: Partial<Record<ClientMessage['type'], ServerMessageType>> = {
  'session.start': 'session.started',
  'session.resume': 'session.resumed',
  'session.join': 'session.joined',
  'transcript.final': 'transcript.accepted',
  'transcript.correct': 'correction.accepted',
  ping: 'pong',
};

/** Whether a frame is a ping by itself, which is answered as well. */
export function isPing({ data }: HostileFrame, role: 'host' | 'listener'): boolean {
  if (typeof data !== 'string' || Buffer.byteLength(data) > maxFrameBytes[role]) return false;
  const parsed = parseClientMessage(data);
  return parsed.ok && parsed.message.type === 'ping';
}

/**
 * Whether what came between a frame and the answer to the ping after it is what the protocol promises: an error that names the
 * message and the field, the reply to the message, and a notice for each field that was ignored.
 *
 * @returns what is wrong; `undefined` if nothing is
 */
export function answerProblem(
  { data, changed }: HostileFrame,
  role: 'host' | 'listener',
  received: readonly ServerMessage[],
): string | undefined {
  const errors = received.filter((message) => message.type === 'error');
  const has = (code: string): boolean => errors.some((error) => error.code === code);
  if (typeof data !== 'string') return has('not-json') ? undefined : 'a binary frame was not answered by not-json';
  if (Buffer.byteLength(data) > maxFrameBytes[role])
    return has('frame-too-large') ? undefined : 'a frame that is too large was not answered by frame-too-large';
  const parsed = parseClientMessage(data, { maxTextChars, isListener: role === 'listener' });
  if (!parsed.ok) {
    const { code, param, causedBy } = parsed.error;
    const isAnswered = errors.some(
      (error) => error.code === code && error.param === param && error.causedBy === causedBy,
    );
    if (!isAnswered) return `${code} of ${param ?? 'the frame'} was not answered by an error that says so`;
    const field = param?.split('.', 1)[0];
    const isUnchanged = code === 'invalid-field' && field !== undefined && changed?.includes(field) === false;
    return isUnchanged ? `invalid-field names ${field}, which is valid` : undefined;
  }
  const { message, ignored } = parsed;
  if (errors.some(({ causedBy }) => causedBy === message.id)) return undefined;
  const reply =
    message.type === 'session.update' && message.joinCode !== undefined ? 'session.updated' : replies[message.type];
  if (reply !== undefined && !received.some(({ type }) => type === reply))
    return `${message.type} was not answered by ${reply}`;
  // Those of transcripts are reported once for each connection.
  if (message.type.startsWith('transcript.')) return undefined;
  const unnoticed = ignored.find(
    ({ param }) => !received.some((notice) => notice.type === 'notice' && notice.param === param),
  );
  return unnoticed && `the ignored field ${unnoticed.param} of ${message.type} was not reported`;
}
