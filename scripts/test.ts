/** Runs all tests: `npm test [-- what jest takes]`. Installs Redis and Apertium where they are missing. */
import { MissingProgramError, provideApertium, provideRedisServer, thisMachine } from '@parley/cli';
import { runJest } from './jest-run.ts';

/** On two cores everything takes some twelve minutes. */
const deadlineMs = (process.env.TEST_ALL === '1' ? 60 : 30) * 60_000;

const machine = thisMachine(process.env);
const say = machine.say.bind(machine);
try {
  await provideRedisServer(machine);
  await provideApertium(machine);
} catch (error) {
  if (!(error instanceof MissingProgramError)) throw error;
  say(error.message);
  process.exit(1);
}

const { status, summary } = await runJest({ parameters: process.argv.slice(2), env: process.env, deadlineMs, say });
console.log(summary);
process.exitCode = status;
