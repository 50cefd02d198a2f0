import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CrowdCounts, CrowdOrder, CrowdReport, Opened } from './crowd.ts';

const program = fileURLToPath(new URL('crowd.ts', import.meta.url));

export interface RunningCrowd extends AsyncDisposable {
  readonly sessions: readonly Opened[];
  counts(): Promise<CrowdCounts>;
}

/**
 * Starts speakers and listeners in a process of their own; resolves when all are connected.
 *
 * @throws Error if one of them is refused
 */
export async function startCrowd(order: CrowdOrder, signal: AbortSignal): Promise<RunningCrowd> {
  const child = fork(program);
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  const ended = exited.then(([code]) => Promise.reject(new Error(`the crowd exited with ${String(code)}`)));
  ended.catch(() => undefined);
  const nextReport = async (): Promise<CrowdReport> => {
    const [report] = (await Promise.race([once(child, 'message', { signal }), ended])) as [CrowdReport];
    return report;
  };
  try {
    child.send(order);
    const ready = await nextReport();
    if (ready.type !== 'ready') throw new Error('the crowd reported before it was asked');
    return {
      sessions: ready.sessions,
      counts: async () => {
        child.send('counts');
        const report = await nextReport();
        if (report.type !== 'counts') throw new Error('the crowd has started twice');
        return report.counts;
      },
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
