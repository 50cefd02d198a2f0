import { Command } from 'commander';
import { environmentHelp } from '../environment-help.ts';
import { runProcess } from '../run-process.ts';

/** `parley worker` */
export function workerCommand(): Command {
  return new Command('worker')
    .description('run one worker, which takes jobs and calls the engine')
    .addHelpText('after', environmentHelp('worker'))
    .addHelpText(
      'after',
      '\nExample:\n  REDIS_URL=redis://127.0.0.1:6379 OPENAI_BASE_URL=http://127.0.0.1:8788/v1 parley worker',
    )
    .action(async () => {
      const load = async () => (await import('@parley/worker')).startWorker;
      await runProcess('worker', load, {});
    });
}
