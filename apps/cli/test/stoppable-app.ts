// An app for the tests of `runProcess`; the variables START and CLOSE control its behavior.
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../src/run.ts';
import { runProcess, type StartProcess } from '../src/run-process.ts';
import { Command } from 'commander';

const { START = '', CLOSE = '' } = process.env;
const hangMs = 60_000;

const start: StartProcess = (config, logger) => {
  if (START === 'fails') return Promise.reject(new Error('no redis'));
  const work = setInterval(() => undefined, 1000);
  return Promise.resolve({
    url: `http://${config.HOST}:${config.PORT ?? 0}`,
    close: async () => {
      logger.info('closing');
      if (CLOSE === 'hangs') await sleep(hangMs);
      if (CLOSE !== 'leaks') clearInterval(work);
    },
  });
};

const program = new Command().action(() =>
  runProcess('edge', () => Promise.resolve(start), { PORT: '1234', HOST: undefined }),
);

process.exitCode = await run(program, process.argv);
setTimeout(() => process.exit(), 200).unref();
