import type { ServerMessage, SessionJoined, SessionResumed, SessionStarted } from '@parley/protocol';
import { awaitReply } from '../await-reply.ts';
import { Client } from '../client.ts';
import { openConnection } from '../connect.ts';
import type { Connection, SentMessage } from '../connection.ts';
import { deferred } from '../deferred.ts';
import { ConnectionClosedError, ConnectionRefusedError, ServerError } from '../errors.ts';
import { readApiKey, type ApiKeySource } from './api-key.ts';
import { backoffMs, defaultBackoff, notStartedWaitMs, sleep } from './backoff.ts';
import { waitForClose } from './wait-for-close.ts';
import { isOverQuota, isPermanent } from './session-errors.ts';
import type { LiveOptions } from './live-options.ts';

interface LiveConnectionOptions extends LiveOptions {
  readonly apiKey?: ApiKeySource | undefined;
  readonly joinCode?: string | undefined;
}

/** Callbacks of the session that uses the connection. */
interface ConnectionUser {
  /** The message that opens the session on a new connection, or again on the same one. */
  openingMessage(): SentMessage;
  /** Whether to send another opening message after the server refused one with this error. */
  shouldReopen(error: ServerError): boolean;
  /** Whether to reconnect after an otherwise permanent error. */
  shouldReconnect(error: Error): boolean;
  /** Whether an error only means that the session has not begun: then it is asked for again, without a time limit. */
  shouldWait(error: Error): boolean;
  /** The offset from which the session is resumed, if the server needs to know before the connection is open. */
  resumeOffset(): number | undefined;
  onSent(message: SentMessage): void;
  onConnecting(attempt: number): void;
  /** Called before `onMessage` with the reply to an opening message; `isNew` unless the connection was open before. */
  onOpened(reply: OpeningReply, isNew: boolean): void;
  onMessage(message: ServerMessage): void;
  /** The open connection was lost. */
  onDisconnected(error: Error): void;
  /** An attempt failed or the connection was lost; another attempt follows after this time. */
  onReconnecting(error: Error, waitMs: number): void;
  /** Like `onReconnecting`, and called before it, if the session has not begun. */
  onWaiting(waitMs: number): void;
  /** Called once, as the last callback; without an error if the session ended or was closed by its user. */
  onClosed(error: Error | undefined): void;
}

/** The abort reason of an intentional close. */
const stopped = new Error('closed');

export type OpeningReply = SessionStarted | SessionResumed | SessionJoined;

const openingReplies: ReadonlySet<string> = new Set<OpeningReply['type']>([
  'session.started',
  'session.resumed',
  'session.joined',
]);

function isOpeningReply(message: ServerMessage): message is OpeningReply {
  return openingReplies.has(message.type);
}

/** Keeps one connection open at a time, and reconnects until it is closed or an error is permanent. */
export class LiveConnection {
  readonly #options: LiveConnectionOptions;
  readonly #user: ConnectionUser;
  readonly #stop = new AbortController();
  readonly #opened = deferred<undefined>();
  readonly #running: Promise<void>;
  #connection: Connection | undefined;
  #failure: Error | undefined;
  #lastError: Error | undefined;

  constructor(options: LiveConnectionOptions, user: ConnectionUser) {
    this.#options = options;
    this.#user = user;
    this.#opened.promise.catch(() => undefined);
    this.#running = this.#run();
  }

  /** Resolves when the session is open for the first time; rejects if that never happens. */
  get opened(): Promise<undefined> {
    return this.#opened.promise;
  }

  /** Why the last attempt or connection failed. */
  get lastError(): Error | undefined {
    return this.#lastError;
  }

  /** Sends on the current connection; does nothing without one. */
  send(messages: readonly SentMessage[]): void {
    for (const message of messages) {
      if (this.#connection?.closed === undefined) this.#connection?.send(message);
    }
  }

  /** Asks the server for a `pong`, which follows its replies to everything sent before. */
  ping(): void {
    if (this.#connection?.closed === undefined) this.#connection?.send({ type: 'ping', id: 'ping' });
  }

  /** Opens the session again on the same socket or, if that fails, on a new one. */
  reopen(): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    this.#open(connection).catch((error: unknown) => {
      if (connection.closed === undefined) this.#failure ??= error as Error;
      connection.terminate();
    });
  }

  /** Drops the connection and reconnects unless the error is permanent. */
  fail(error: Error): void {
    if (this.#connection === undefined) return;
    this.#failure ??= error;
    this.#connection.terminate();
  }

  /**
   * Sends a message and then a ping, and resolves once the server has answered both, has refused the message, or has
   * closed the connection; at the latest after this time, and immediately without a connection.
   */
  async exchange(message: SentMessage, timeoutMs: number): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined || connection.closed !== undefined) return;
    const { promise, resolve } = deferred<undefined>();
    const done = (): void => resolve(undefined);
    const timer = setTimeout(done, timeoutMs);
    let isAnswered = false;
    const releases = [
      connection.on('message', (reply) => {
        isAnswered ||= isOpeningReply(reply);
        // A pong before the answer is that of an earlier ping.
        if (reply.type === 'pong' && isAnswered) done();
        if (reply.type === 'error' && reply.causedBy === message.id) done();
      }),
      connection.on('closed', done),
    ];
    connection.send(message);
    connection.send({ type: 'ping' });
    await promise;
    clearTimeout(timer);
    for (const release of releases) release();
  }

  /** Closes the connection and stops reconnecting. Idempotent. */
  async close(): Promise<void> {
    this.#stop.abort(stopped);
    await this.#running;
  }

  async #run(): Promise<void> {
    const signals = [this.#stop.signal, ...(this.#options.signal === undefined ? [] : [this.#options.signal])];
    const signal = AbortSignal.any(signals);
    const { urls, backoff = defaultBackoff, giveUpAfterMs = 600_000 } = this.#options;
    let [failures, attempt, disconnectedSinceMs, wasOpen] = [0, 1, performance.now(), false];
    for (let connections = 0; ; connections += 1) {
      const url = urls[connections % urls.length] ?? urls[0];
      this.#user.onConnecting(attempt);
      const { error, openMs } = await this.#connect(url, signal);
      if (signal.aborted) {
        this.#finish(signal.reason === stopped ? undefined : (signal.reason as Error));
        return;
      }
      this.#lastError = error;
      attempt = openMs === undefined ? attempt + 1 : 1;
      const isWaiting = this.#user.shouldWait(error);
      if (openMs !== undefined || isWaiting) disconnectedSinceMs = performance.now();
      if (openMs !== undefined && openMs >= backoff.maxMs) failures = 0;
      wasOpen ||= openMs !== undefined;
      const isFinal = isPermanent(error) && !(wasOpen && isOverQuota(error));
      const isForcedReconnect = isFinal && this.#user.shouldReconnect(error);
      if ((isFinal && !isForcedReconnect) || performance.now() - disconnectedSinceMs >= giveUpAfterMs) {
        this.#finish(error);
        return;
      }
      if (openMs !== undefined || isForcedReconnect) this.#user.onDisconnected(error);
      const random = Math.random();
      const waitMs = isWaiting ? notStartedWaitMs(random) : backoffMs(failures, backoff, random);
      if (isWaiting) this.#user.onWaiting(waitMs);
      this.#user.onReconnecting(error, waitMs);
      await sleep(waitMs, signal);
      failures = isWaiting ? 0 : failures + 1;
    }
  }

  /**
   * Runs one connection until it ends.
   *
   * @returns why it ended, and for how long the session was open on it (`undefined` if it never was)
   */
  async #connect(url: string, signal: AbortSignal): Promise<{ error: Error; openMs: number | undefined }> {
    const { joinCode, openSocket, openTimeoutMs = 10_000, silenceMs = 20_000 } = this.#options;
    let connection: Connection | undefined;
    try {
      const apiKey = await readApiKey(this.#options.apiKey, openTimeoutMs, signal);
      const connectOptions = { ...(openSocket === undefined ? {} : { openSocket }), timeoutMs: openTimeoutMs, signal };
      const offset = this.#user.resumeOffset();
      connection = await openConnection({ url, apiKey, joinCode, offset, ...connectOptions });
      this.#connection = connection;
      connection.on('sent', (message) => {
        this.#user.onSent(message);
      });
      let isNew = true;
      connection.on('message', (message) => {
        if (this.#connection !== connection || signal.aborted) return;
        if (isOpeningReply(message)) {
          this.#user.onOpened(message, isNew);
          isNew = false;
        }
        this.#user.onMessage(message);
      });
      await this.#open(connection, signal);
      const openedAtMs = performance.now();
      this.#opened.resolve(undefined);
      const error = await waitForClose(connection, silenceMs, signal);
      return { error: this.#failure ?? refusalIn(error), openMs: performance.now() - openedAtMs };
    } catch (error) {
      return { error: refusalIn(error as Error), openMs: undefined };
    } finally {
      this.#connection = undefined;
      this.#failure = undefined;
      // An intentional close performs the closing handshake; otherwise the server may no longer respond.
      if (connection !== undefined && signal.aborted) await new Client(connection).close();
      connection?.terminate();
    }
  }

  async #open(connection: Connection, signal?: AbortSignal): Promise<void> {
    const { openTimeoutMs: timeoutMs = 10_000 } = this.#options;
    for (;;) {
      const opening = this.#user.openingMessage();
      connection.send(opening);
      const isOpened = (message: ServerMessage): true | undefined => isOpeningReply(message) || undefined;
      try {
        await awaitReply(connection, `reply to ${opening.type}`, opening.id, isOpened, { timeoutMs, signal });
        return;
      } catch (error) {
        if (!(error instanceof ServerError) || !this.#user.shouldReopen(error)) throw error;
      }
    }
  }

  #finish(error: Error | undefined): void {
    this.#opened.reject(error ?? stopped);
    this.#user.onClosed(error);
  }
}

/** A stream of server-sent events is refused after it was "opened"; for the user this is a refusal like any other. */
function refusalIn(error: Error): Error {
  const cause = error instanceof ConnectionClosedError ? error.cause : undefined;
  return cause instanceof ConnectionRefusedError ? cause : error;
}
