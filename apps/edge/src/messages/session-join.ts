import type { SessionJoin } from '@parley/protocol';
import type { MessageHandler } from '../core/message-context.ts';
import { Refusal } from '../core/refusal.ts';

export const sessionJoin: MessageHandler<SessionJoin> = () =>
  Promise.reject(new Refusal('internal', 'not built yet'));
