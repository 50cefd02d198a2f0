import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

const include = /^-- include (\S+)$/gm;

/** Reads a `.lua` file; a line `-- include NAME.lua` stands for the text of that file, relative to the one it stands in. */
export function readScript(file: URL): string {
  return readFileSync(file, 'utf8').replace(include, (_line, name: string) => readScript(new URL(name, file)));
}

/** One Lua script on one connection: keys and arguments in, Redis's reply out. */
export type Script = (keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>;

/**
 * Registers a script under a command name; ioredis sends its SHA-1 and falls back to the text where a server doesn't
 * know it. All of Parley's scripts answer from the state alone: ioredis may send one again after a cut connection.
 */
export function defineScript(redis: Redis, name: string, file: URL): Script {
  redis.defineCommand(name, { lua: readScript(file) });
  const command = (redis as unknown as Record<string, (...args: (string | number)[]) => Promise<unknown>>)[name];
  if (command === undefined) throw new TypeError(`ioredis did not define the command ${name}`);
  return (keys, args) => command.call(redis, keys.length, ...keys, ...args);
}
