import { once } from 'node:events';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { hostileFrame, randomStreamBytes } from './hostile-frames.ts';

/** Longer than an edge takes for anything, except for a message that it waits for. */
const answerTimeoutMs = 20_000;

export interface HostileCounts {
  sockets: number;
  frames: number;
  answers: number;
  readonly closeCodes: Record<string, number>;
  /** What was not answered, and when. */
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

/** Opens one socket after the other and sends hostile frames, each followed by a ping that must be answered. */
export async function attack(options: HostileOptions): Promise<void> {
  while (!options.signal.aborted) await attackOnce(options);
}

async function attackOnce({ url, joinCode, random, signal, counts }: HostileOptions): Promise<void> {
  const isListener = random() < 0.4;
  const socket = new WebSocket(url, isListener ? ['parley.v1', `join.${joinCode}`] : 'parley.v1');
  socket.on('error', () => undefined);
  const closed = once(socket, 'close') as Promise<[number]>;
  counts.sockets += 1;
  const isOpen = await Promise.race([once(socket, 'open').then(() => true), closed.then(() => false)]).catch(
    () => false,
  );
  if (isOpen && random() < 0.1) (socket as unknown as { _socket: Socket })._socket.write(randomStreamBytes(random));
  // Most get as far as a session, beyond which there is more to be broken.
  if (isOpen && random() < 0.8) {
    const opening = isListener ? { type: 'session.join', joinCode } : { type: 'session.start', sourceLanguage: 'en' };
    socket.send(JSON.stringify({ ...opening, targetLanguages: ['es'] }));
  }
  for (
    let left = 1 + Math.floor(random() * 40);
    left > 0 && socket.readyState === WebSocket.OPEN && !signal.aborted;
    left--
  ) {
    const { data, fin = true } = hostileFrame(random);
    socket.send(data, { fin });
    counts.frames += 1;
    if (!fin) continue;
    socket.send('{"type":"ping"}');
    const answers = await answer(socket, closed, counts);
    counts.answers += answers;
  }
  if (random() < 0.5) socket.terminate();
  else socket.close();
  const [code] = await closed;
  counts.closeCodes[code] = (counts.closeCodes[code] ?? 0) + 1;
}

/** Waits for the answer to a ping: a pong, an error that says why there is none, or the end of the socket. */
async function answer(socket: WebSocket, closed: Promise<unknown>, counts: HostileCounts): Promise<number> {
  const { promise: answered, resolve } = Promise.withResolvers<'answered'>();
  const onMessage = (data: Buffer): void => {
    const { type, code } = JSON.parse(data.toString()) as { type: string; code?: string };
    if (type === 'pong' || code === 'too-many-frames') resolve('answered');
  };
  socket.on('message', onMessage);
  const late = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => late.resolve('late'), answerTimeoutMs);
  const outcome = await Promise.race([answered, closed.then(() => 'closed' as const), late.promise]);
  clearTimeout(timer);
  socket.off('message', onMessage);
  if (outcome === 'late') {
    counts.unanswered.push(`a ping was not answered within ${answerTimeoutMs} ms`);
    socket.terminate();
  }
  return outcome === 'answered' ? 1 : 0;
}
