import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

/** Loaded into an edge: on SIGUSR2 it collects garbage and prints what memory is left, in bytes. */

if (isMainThread) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  process.on('SIGUSR2', () => {
    // Twice: finalizers of the first collection release more.
    collect();
    setImmediate(() => {
      collect();
      const { rss, heapUsed, external } = process.memoryUsage();
      console.log(JSON.stringify({ memoryAfterCollection: { rss, used: heapUsed + external } }));
    });
  });
}
