import type { SessionResume } from '@parley/protocol';
import type { MessageHandler } from '../core/message-context.ts';
import { Refusal } from '../core/refusal.ts';

export const sessionResume: MessageHandler<SessionResume> = () =>
  Promise.reject(new Refusal('internal', 'not built yet'));
