import type { Ping } from '@parley/protocol';
import type { MessageHandler } from '../core/message-context.ts';

export const ping: MessageHandler<Ping> = (_message, { reply }) => {
  reply({ type: 'pong' });
  return Promise.resolve();
};
