import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** The counts of several Redis servers since monitoring started. */
export interface RedisCommands extends Disposable {
  /** Commands received over connections; a script counts as one. */
  readonly calls: number;
  /** The same plus the commands of scripts. */
  readonly commands: number;
}

/**
 * Counts with MONITOR, which reports the origin of a command: the counters of Redis 7 (`total_commands_processed`, `commandstats`,
 * the ids of the slow log) add those of scripts to those of connections. It slows Redis down, so CPU and latencies
 * should not be measured at the same time.
 */
export async function watchRedis(urls: readonly string[], signal: AbortSignal): Promise<RedisCommands> {
  using resources = new DisposableStack();
  const counts = { calls: 0, commands: 0 };
  const count = (line: string): void => {
    const [, source] = /^\+[\d.]+ \[\d+ (\S+)\] /.exec(line) ?? [];
    if (source === undefined) return;
    counts.commands += 1;
    if (source !== 'lua') counts.calls += 1;
  };
  for (const url of urls) {
    const { hostname, port } = new URL(url);
    const socket = resources.adopt(connect(Number(port), hostname), (opened) => opened.destroy());
    await monitor(socket, count, signal);
  }
  const owned = resources.move();
  return Object.assign(counts, { [Symbol.dispose]: () => owned.dispose() });
}

async function monitor(socket: Socket, count: (line: string) => void, signal: AbortSignal): Promise<void> {
  const lines = createInterface(socket.setEncoding('latin1'));
  const isWatching = once(lines, 'line', { signal });
  lines.on('line', count);
  socket.write('MONITOR\r\n');
  await isWatching;
}
