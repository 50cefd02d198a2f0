import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { closeCodes, type ServerMessage } from '@parley/protocol';
import { WebSocket } from 'ws';
import { answerProblem, isPing } from './answer-problem.ts';
import { hostileFrame, randomStreamBytes, type HostileFrame } from './hostile-frames.ts';

/** Not that of honest clients, who would be told `too-many-tries` as well, after too many wrong join codes. */
const hostileAddress = '127.0.0.2';
/** Longer than an edge takes for anything, except for a message that it waits for. */
const answerTimeoutMs = 20_000;
/** After `too-many-frames`, further frames may be refused without an error for a second. */
const silentRefusalMs = 2000;
/** After a connection that was refused, such as by an edge that is away. */
const retryMs = 50;
/** RFC 6455: the client's own end, a frame that is not valid, a text that is not UTF-8. */
const otherCloseCodes = [1000, 1002, 1005, 1006, 1007];
const unexpectedCloseCodes: readonly number[] = [closeCodes.internalError, closeCodes.goingAway];

export interface HostileCounts {
  sockets: number;
  frames: number;
  answers: number;
  readonly closeCodes: Record<string, number>;
  /** What was not answered as the protocol says: one line each. */
  readonly unanswered: string[];
}

export interface HostileOptions {
  readonly url: string;
  /** The join code of the honest session. */
  readonly joinCode: string;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly counts: HostileCounts;
}

/** Opens one socket after the other and sends hostile frames, each followed by a ping; all that must be answered is checked. */
export async function attack(options: HostileOptions): Promise<void> {
  while (!options.signal.aborted) await new HostileClient(options).attack();
}

class HostileClient {
  readonly #options: HostileOptions;
  readonly #role: 'host' | 'listener';
  readonly #socket: WebSocket;
  readonly #closed: Promise<number>;
  #received: ServerMessage[] = [];
  #onAnswered: (message: ServerMessage) => void = () => undefined;
  #refusedUntilMs = 0;
  #hasEnded = false;
  /** Bytes were sent that are no frames, or fragments that belong together: what the edge makes of the rest is not known. */
  #isGarbled = false;

  constructor(options: HostileOptions) {
    this.#options = options;
    const { url, joinCode, random, counts } = options;
    this.#role = random() < 0.4 ? 'listener' : 'host';
    const protocols = ['parley.v1', ...(this.#role === 'listener' ? [`join.${joinCode}`] : [])];
    this.#socket = new WebSocket(url, protocols, { localAddress: hostileAddress });
    this.#socket.on('error', () => undefined);
    this.#socket.on('message', (data) => this.#receive(JSON.parse((data as Buffer).toString()) as ServerMessage));
    this.#closed = new Promise((resolve) => this.#socket.once('close', resolve));
    counts.sockets += 1;
  }

  async attack(): Promise<void> {
    const { random, signal, counts, joinCode } = this.#options;
    const opened = once(this.#socket, 'open').then(() => true);
    const isOpen = await Promise.race([opened, this.#closed.then(() => false)]).catch(() => false);
    if (!isOpen) await delay(retryMs);
    if (isOpen && random() < 0.1) {
      this.#isGarbled = true;
      (this.#socket as unknown as { _socket: Socket })._socket.write(randomStreamBytes(random));
    }
    // Most get as far as a session, beyond which there is more to be broken.
    if (isOpen && random() < 0.8) {
      const isListener = this.#role === 'listener';
      const opening = isListener ? { type: 'session.join', joinCode } : { type: 'session.start', sourceLanguage: 'en' };
      await this.#exchange({ data: JSON.stringify({ ...opening, targetLanguages: ['es'] }), changed: [] });
    }
    for (let left = 1 + Math.floor(random() * 40); left > 0 && this.#isOpen && !signal.aborted; left--) {
      await this.#exchange(hostileFrame(random));
    }
    // The answer to the end of a session comes after its last final.
    if (this.#hasEnded && !signal.aborted) {
      const late = 'session.end was not answered';
      if ((await this.#waitFor(this.#closed)) === 'late' && !this.#isGarbled) counts.unanswered.push(late);
    }
    if (random() < 0.5) this.#socket.terminate();
    else this.#socket.close();
    const code = await this.#closed;
    counts.closeCodes[code] = (counts.closeCodes[code] ?? 0) + 1;
    const isDocumented = otherCloseCodes.includes(code) || Object.values<number>(closeCodes).includes(code);
    if (!isDocumented || unexpectedCloseCodes.includes(code))
      counts.unanswered.push(`a socket was closed with ${code}`);
  }

  get #isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Sends a frame and a ping, and checks what came before the answer to the ping: all messages are answered in turn. */
  async #exchange(frame: HostileFrame): Promise<void> {
    const { counts } = this.#options;
    const { data, fin = true } = frame;
    this.#received = [];
    this.#socket.send(data, { fin });
    counts.frames += 1;
    this.#isGarbled ||= !fin;
    if (!fin) return;
    const { promise: answered, resolve } = Promise.withResolvers<undefined>();
    let pongs = isPing(frame, this.#role) ? 2 : 1;
    this.#onAnswered = ({ type }) => {
      if (type !== 'pong' || --pongs === 0) resolve(undefined);
    };
    this.#socket.send('{"type":"ping"}');
    const outcome = await this.#waitFor(answered);
    if (outcome === 'late') {
      if (!this.#isGarbled) counts.unanswered.push(`a ping was not answered within ${answerTimeoutMs} ms`);
      this.#socket.terminate();
    }
    if (outcome !== 'done' || performance.now() < this.#refusedUntilMs) return;
    counts.answers += 1;
    const problem = this.#isGarbled ? undefined : answerProblem(frame, this.#role, this.#received);
    if (problem !== undefined) counts.unanswered.push(problem);
    this.#hasEnded ||= data === '{"type":"session.end"}' && !this.#received.some(({ type }) => type === 'error');
  }

  #receive(message: ServerMessage): void {
    this.#received.push(message);
    const isRefused = message.type === 'error' && message.code === 'too-many-frames';
    if (isRefused) this.#refusedUntilMs = performance.now() + silentRefusalMs;
    if (isRefused || message.type === 'pong') this.#onAnswered(message);
  }

  async #waitFor(event: Promise<unknown>): Promise<'done' | 'closed' | 'late'> {
    const late = Promise.withResolvers<'late'>();
    const timer = setTimeout(() => late.resolve('late'), answerTimeoutMs);
    const outcome = await Promise.race([
      event.then(() => 'done' as const),
      this.#closed.then(() => 'closed' as const),
      late.promise,
    ]);
    clearTimeout(timer);
    return outcome;
  }
}
