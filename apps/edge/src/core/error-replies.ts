import { errorMessage, type ErrorMessage } from '@parley/protocol';
import type { RefusalReason } from '@parley/telemetry';
import type { Outbox } from '../delivery/outbox.ts';
import { refusalReasonOf } from '../refusals/refusal-reason-of.ts';
import type { EdgeDependencies } from './dependencies.ts';
import { failureNotice, refusalNotice } from './refusal.ts';
import type { SessionBinding } from './session-binding.ts';
import type { ClientIdentity } from './socket.ts';

/** What is known of a message that could not be handled. */
interface FailedMessage {
  readonly id?: string | undefined;
  readonly type?: string;
  readonly segmentId?: number | undefined;
}

interface ErrorRepliesOptions {
  readonly client: ClientIdentity;
  readonly outbox: Pick<Outbox, 'reply' | 'close'>;
  readonly binding: Pick<SessionBinding, 'owned' | 'joined'>;
  readonly deps: Pick<EdgeDependencies, 'logger' | 'refusals' | 'isRedisReady'>;
}

/** Tells a client what went wrong, the log what should not have, and the reports what was refused to whom. */
export class ErrorReplies {
  readonly #options: ErrorRepliesOptions;

  constructor(options: ErrorRepliesOptions) {
    this.#options = options;
  }

  /** Sends the error with which handling a message failed, and closes the socket if it can't continue. */
  failed({ id, type, segmentId }: FailedMessage, error: unknown): void {
    const { outbox, binding, deps } = this.#options;
    let notice = refusalNotice(error);
    if (notice === undefined) {
      const { sessionId } = (binding.owned ?? binding.joined)?.served ?? {};
      deps.logger.error({ err: error, messageType: type, sessionId, segmentId }, 'handling a client message failed');
      notice = failureNotice(error, deps.isRedisReady());
    }
    const { code, message, param, retryAfterMs } = notice;
    this.send(errorMessage(code, message, { param, causedBy: id, retryAfterMs }));
    if (notice.closeCode !== undefined) outbox.close(notice.closeCode, notice.message);
  }

  /** Sends an error, and reports it if it refuses something to the client. */
  send(error: ErrorMessage): void {
    this.#options.outbox.reply(error);
    const reason = refusalReasonOf(error.code);
    if (reason !== undefined) this.report(reason);
  }

  /** Reports that something was refused to the client. */
  report(reason: RefusalReason): void {
    const { client, deps } = this.#options;
    const { tenant, address, joinCode } = client;
    // Anybody may have a join code, so its tenant is not the source.
    deps.refusals.record(reason, joinCode === undefined ? { tenant, address } : { address });
  }
}
