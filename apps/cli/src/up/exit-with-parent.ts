/**
 * Preloaded into every process that `parley up` starts. If the IPC channel to `up` closes, `up` was killed before it could
 * stop its children, so the process stops itself.
 */
import { isMainThread } from 'node:worker_threads';

if (isMainThread && process.channel !== undefined) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // The channel must not keep the process alive.
  process.channel.unref();
}
