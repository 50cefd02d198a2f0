import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

/** The exit code of a wrong use, as that of `parley`. */
const wrongUse = 2;

/** Seeds are printed, and seeded generators have 32 bits of state. */
const maxSeed = 2 ** 32 - 1;

/** Reads the options of a script. Ends the process with a message if one is unknown or lacks its value. */
export function scriptOptions<const Options extends ParseArgsOptionsConfig>(options: Options) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return end((error as Error).message);
  }
}

/** Returns a whole number that was given as `--option`. Ends the process with a message unless it is from `min` to `max`. */
export function wholeNumber(option: string, given: string, min: number, max: number): number {
  const value = Number(given);
  if (/^\d+$/.test(given) && value >= min && value <= max) return value;
  return end(`--${option} must be a whole number from ${min} to ${max}`);
}

/** Returns the seed that was given, or a new one. Ends the process with a message if it can't be one. */
export function seedOf(given: string | undefined): number {
  return given === undefined ? Math.floor(Math.random() * 2 ** 31) : wholeNumber('seed', given, 0, maxSeed);
}

/** Returns a duration in minutes, which may be a fraction. Ends the process with a message unless it is from `min` to `max`. */
export function minutesOf(option: string, given: string, min: number, max: number): number {
  const value = Number(given);
  if (/^\d*\.?\d+$/.test(given) && value >= min && value <= max) return value;
  return end(`--${option} must be a number from ${min} to ${max}`);
}

function end(message: string): never {
  console.error(message);
  process.exit(wrongUse);
}
