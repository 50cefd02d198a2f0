import { readFileSync } from 'node:fs';
import type { RedisConnection } from '../connection/redis-connection.ts';

const include = /^-- include (\S+)$/gm;

/**
 * Reads a `.lua` file. Each line `-- include NAME.lua` is replaced by the contents of that file; paths are relative to
 * the including file.
 */
export function readScript(file: URL): string {
  return readFileSync(file, 'utf8').replace(include, (_line, name: string) => readScript(new URL(name, file)));
}

/** A Lua script bound to a connection: takes keys and arguments, returns Redis's reply. */
export type Script = (keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>;

/**
 * Registers a script as a command. ioredis sends its SHA-1 and falls back to the text if the server doesn't know it.
 * Scripts must be idempotent, since ioredis may send a command again after the connection broke.
 */
export function defineScript(redis: RedisConnection, name: string, file: URL): Script {
  redis.defineCommand(name, { lua: readScript(file) });
  const command = (redis as unknown as Record<string, (...args: (string | number)[]) => Promise<unknown>>)[name];
  if (command === undefined) throw new TypeError(`ioredis did not define the command ${name}`);
  return (keys, args) => command.call(redis, keys.length, ...keys, ...args);
}
