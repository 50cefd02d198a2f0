import type { ClientMessage, ClientMessageType } from '@parley/protocol';
import type { MessageContext, MessageHandler } from '../core/message-context.ts';
import { sessionJoin } from './session-join.ts';
import { sessionEnd } from './session-end.ts';
import { sessionResume } from './session-resume.ts';
import { sessionStart } from './session-start.ts';
import { sessionUpdate } from './session-update.ts';
import { transcriptCorrect } from './transcript-correct.ts';
import { transcriptFinal } from './transcript-final.ts';
import { transcriptPartial } from './transcript-partial.ts';

type Handlers = { [Type in ClientMessageType]: MessageHandler<Extract<ClientMessage, { type: Type }>> };

const handlers: Handlers = {
  'session.start': sessionStart,
  'session.resume': sessionResume,
  'session.join': sessionJoin,
  'session.update': sessionUpdate,
  'session.end': sessionEnd,
  'transcript.partial': transcriptPartial,
  'transcript.final': transcriptFinal,
  'transcript.correct': transcriptCorrect,
  ping: (_message, { connection }) => {
    connection.outbox.reply({ type: 'pong' });
    return Promise.resolve();
  },
};

export function handleMessage(message: ClientMessage, context: MessageContext): Promise<void> {
  const handler = handlers[message.type] as MessageHandler<ClientMessage>;
  return handler(message, context);
}
