import type { ServerMessage } from '@parley/protocol';
import { answer } from '../answer.ts';
import { Client } from '../client.ts';
import { openConnection } from '../connect.ts';
import type { Connection, SentMessage } from '../connection.ts';
import { ServerError } from '../errors.ts';
import { backoffMs, defaultBackoff } from './backoff.ts';
import { closing } from './closing.ts';
import { isFinal } from './is-final.ts';
import type { LiveOptions } from './live-options.ts';
import { sleep } from './sleep.ts';

interface LinkOptions extends LiveOptions {
  readonly apiKey?: string | undefined;
  readonly joinCode?: string | undefined;
}

/** What a link works for. */
interface LinkUser {
  /** The message that opens the session on a new connection, or again on the same one. */
  opening(): SentMessage;
  /** Whether to send another opening where the server refused one so. */
  opensAnew(error: ServerError): boolean;
  /** Whether to come back after an error that otherwise is the end. */
  survives(error: Error): boolean;
  sent(message: SentMessage): void;
  received(message: ServerMessage): void;
  /** The connection is gone; another follows. */
  lost(error: Error): void;
  /** Once and last; without an error where it was finished or closed. */
  over(error: Error | undefined): void;
}

/** Why a link was closed on purpose. */
const stopped = new Error('closed');

const openedTypes = new Set<string>(['session.started', 'session.resumed', 'session.joined']);

/** One connection after another, until it is closed or there is no coming back. */
export class LiveLink {
  readonly #options: LinkOptions;
  readonly #user: LinkUser;
  readonly #stop = new AbortController();
  readonly #opened = Promise.withResolvers<undefined>();
  readonly #running: Promise<void>;
  #connection: Connection | undefined;
  #failure: Error | undefined;

  constructor(options: LinkOptions, user: LinkUser) {
    this.#options = options;
    this.#user = user;
    this.#opened.promise.catch(() => undefined);
    this.#running = this.#run();
  }

  /** Resolves when the session is open for the first time; rejects where it never will be. */
  get opened(): Promise<undefined> {
    return this.#opened.promise;
  }

  /** Sends on the connection that is open now. */
  send(messages: readonly SentMessage[]): void {
    for (const message of messages) {
      if (this.#connection?.closed === undefined) this.#connection?.send(message);
    }
  }

  /** Opens the session again on the same socket; where that fails, on a new one. */
  reopen(): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    this.#open(connection).catch((error: unknown) => {
      if (connection.closed === undefined) this.#failure ??= error as Error;
      connection.terminate();
    });
  }

  /** Gives the connection up; another follows unless the error is final. */
  fail(error: Error): void {
    if (this.#connection === undefined) return;
    this.#failure ??= error;
    this.#connection.terminate();
  }

  /** Closes the connection and makes no other. Idempotent. */
  async close(): Promise<void> {
    this.#stop.abort(stopped);
    await this.#running;
  }

  async #run(): Promise<void> {
    const signals = [this.#stop.signal, ...(this.#options.signal === undefined ? [] : [this.#options.signal])];
    const signal = AbortSignal.any(signals);
    const { urls, backoff = defaultBackoff, giveUpAfterMs = 600_000 } = this.#options;
    let [failures, awaySinceMs] = [0, performance.now()];
    for (let tries = 0; ; tries += 1) {
      const url = urls[tries % urls.length] ?? urls[0];
      const { error, openMs } = await this.#connect(url, signal);
      if (signal.aborted) {
        this.#over(signal.reason === stopped ? undefined : (signal.reason as Error));
        return;
      }
      if (openMs !== undefined) awaySinceMs = performance.now();
      if (openMs !== undefined && openMs >= backoff.maxMs) failures = 0;
      const isSurvived = isFinal(error) && this.#user.survives(error);
      if ((isFinal(error) && !isSurvived) || performance.now() - awaySinceMs >= giveUpAfterMs) {
        this.#over(error);
        return;
      }
      if (openMs !== undefined || isSurvived) this.#user.lost(error);
      await sleep(backoffMs(failures, backoff, Math.random()), signal);
      failures += 1;
    }
  }

  /** One connection from its opening to its end: why it ended, and how long the session was open on it. */
  async #connect(url: string, signal: AbortSignal): Promise<{ error: Error; openMs: number | undefined }> {
    const { apiKey, joinCode, openSocket, openTimeoutMs = 10_000, silenceMs = 20_000 } = this.#options;
    let connection: Connection | undefined;
    try {
      const how = { ...(openSocket === undefined ? {} : { openSocket }), timeoutMs: openTimeoutMs, signal };
      connection = await openConnection({ url, apiKey, joinCode, ...how });
      this.#connection = connection;
      connection.on('sent', (message) => {
        this.#user.sent(message);
      });
      connection.on('message', (message) => {
        if (this.#connection === connection && !signal.aborted) this.#user.received(message);
      });
      await this.#open(connection, signal);
      const openedAtMs = performance.now();
      this.#opened.resolve(undefined);
      const error = await closing(connection, silenceMs, signal);
      return { error: this.#failure ?? error, openMs: performance.now() - openedAtMs };
    } catch (error) {
      return { error: error as Error, openMs: undefined };
    } finally {
      this.#connection = undefined;
      this.#failure = undefined;
      // On purpose it is closed as the protocol wants it; otherwise nobody may answer any more.
      if (connection !== undefined && signal.aborted) await new Client(connection).close();
      connection?.terminate();
    }
  }

  async #open(connection: Connection, signal?: AbortSignal): Promise<void> {
    const { openTimeoutMs: timeoutMs = 10_000 } = this.#options;
    for (;;) {
      const opening = this.#user.opening();
      connection.send(opening);
      const isOpened = ({ type }: ServerMessage): true | undefined => openedTypes.has(type) || undefined;
      try {
        await answer(connection, `answer to ${opening.type}`, opening.id, isOpened, { timeoutMs, signal });
        return;
      } catch (error) {
        if (!(error instanceof ServerError) || !this.#user.opensAnew(error)) throw error;
      }
    }
  }

  #over(error: Error | undefined): void {
    this.#opened.reject(error ?? stopped);
    this.#user.over(error);
  }
}
