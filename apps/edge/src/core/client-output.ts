import { closeCodes, errorMessage, type CloseCode, type ServerMessage } from '@parley/protocol';
import { redisErrorCode } from '@parley/telemetry';
import type { Delivery } from '../delivery/delivery.ts';
import { Outbox } from '../delivery/outbox.ts';
import { post } from '../delivery/post.ts';
import type { EdgeDependencies } from './dependencies.ts';
import { Refusal, SessionLostError } from './refusal.ts';
import type { Socket } from './socket.ts';

const lossCodes = { gone: 'session-unknown', forgotten: 'temporarily-unavailable' } as const;
type OutputDependencies = Pick<EdgeDependencies, 'limits' | 'metrics' | 'logger' | 'isRedisReady'>;

/** What leaves for one client, until its socket is closed. */
export class ClientOutput {
  readonly #socket: Socket;
  readonly #deps: OutputDependencies;
  readonly #outbox: Outbox;
  #closed = false;

  constructor(socket: Socket, deps: OutputDependencies) {
    this.#socket = socket;
    this.#deps = deps;
    this.#outbox = new Outbox(socket, { maxUnreadBytes: deps.limits.maxUnreadBytes, metrics: deps.metrics });
  }

  /** The socket is gone: nothing leaves any more. */
  closed(): void {
    this.#closed = true;
  }

  reply(message: ServerMessage): void {
    if (this.#closed) return;
    if (message.type === 'error') this.#deps.metrics.errorSent(message.code);
    post(this.#outbox, message, JSON.stringify(message));
  }

  /** Sends what a session's feed has; serialised once for all who get it. */
  deliver(delivery: Delivery): void {
    if (!this.#closed) post(this.#outbox, delivery.message, delivery.frame);
  }

  close(code: CloseCode, reason: string): void {
    if (!this.#closed) this.#socket.close(code, reason);
  }

  /** Another connection owns the session from now on. */
  takenOver(causedBy?: string): void {
    const said = 'another connection has taken the session over';
    this.reply(errorMessage('session-taken-over', said, { causedBy }));
    this.close(closeCodes.takenOver, said);
  }

  /** Tells why a message was not done. What becomes of a session that is lost is the caller's. */
  failed(message: { readonly id?: string | undefined; readonly type: string }, error: unknown): void {
    const causedBy = message.id;
    if (error instanceof Refusal) {
      this.reply(errorMessage(error.code, error.message, { param: error.param, causedBy }));
      if (error.closeCode !== undefined) this.close(error.closeCode, error.message);
    } else if (error instanceof SessionLostError) {
      if (error.reason === 'fenced') this.takenOver(causedBy);
      else this.reply(errorMessage(lossCodes[error.reason], error.message, { causedBy }));
    } else {
      this.#deps.logger.error({ err: error, messageType: message.type }, 'a client message failed');
      const isRedis = redisErrorCode(error) !== undefined || !this.#deps.isRedisReady();
      const code = isRedis ? 'temporarily-unavailable' : 'internal';
      this.reply(errorMessage(code, 'the message could not be handled; it may be sent again', { causedBy }));
    }
  }
}
