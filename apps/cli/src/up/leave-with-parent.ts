/**
 * Preloaded into every process that `parley up` starts: when the channel to `up` breaks, `up` is gone without having
 * stopped anybody (it was killed), and the process stops as if it had been asked to.
 */
import { isMainThread } from 'node:worker_threads';

if (isMainThread && process.channel !== undefined) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // Listening must not keep the process alive.
  process.channel.unref();
}
