import { Command } from 'commander';
import { environmentHelp } from '../environment-help.ts';
import { runProcess } from '../run-process.ts';

interface EngineOptions {
  port?: string;
  host?: string;
  translations?: string;
  latency?: string;
  seed?: string;
}

const examples = `
Examples:
  parley engine                                      translate with Apertium
  parley engine --translations marked --latency fast --seed 1
                                                     marked placeholder text at the speed of a fast hosted model`;

/** `parley engine` */
export function engineCommand(): Command {
  return new Command('engine')
    .description('run the local engine: an OpenAI-compatible server for offline use, tests and load')
    .option('--port <port>', 'listen on this port instead of PORT')
    .option('--host <host>', 'listen on this address instead of HOST')
    .option('--translations <kind>', 'the source of translations, instead of ENGINE_TRANSLATIONS')
    .option('--latency <profile>', 'the latency of a remote engine to simulate, instead of ENGINE_LATENCY')
    .option('--seed <number>', 'the random seed of the latency, instead of ENGINE_SEED')
    .addHelpText('after', environmentHelp('engine'))
    .addHelpText('after', examples)
    .action(async ({ port, host, translations, latency, seed }: EngineOptions) => {
      const load = async () => (await import('@parley/local-engine')).startEngine;
      await runProcess('engine', load, {
        PORT: port,
        HOST: host,
        ENGINE_TRANSLATIONS: translations,
        ENGINE_LATENCY: latency,
        ENGINE_SEED: seed,
      });
    });
}
