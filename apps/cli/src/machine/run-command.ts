import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Machine } from './machine.ts';

/** A program could not be started, failed, or timed out. The message contains its last output lines. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

export interface CommandOptions {
  readonly timeoutMs: number;
  /** Describes a long step; printed at once and every 10 s with the elapsed time. */
  readonly progress?: string;
}

const heartbeatMs = 10_000;
const maxKeptLines = 20;

/**
 * Runs a program to completion, without input and in English. It gets its own process group, so that a Ctrl-C doesn't
 * interrupt a package manager.
 *
 * @returns what it wrote to standard output
 * @throws CommandError
 */
export async function runCommand(
  machine: Pick<Machine, 'environment' | 'say'>,
  [program, ...parameters]: readonly [string, ...string[]],
  { timeoutMs, progress }: CommandOptions,
): Promise<string> {
  const startedAt = Date.now();
  if (progress !== undefined) machine.say(`${progress} ...`);
  const heartbeat = setInterval(() => {
    if (progress !== undefined) machine.say(`${progress}: ${Math.round((Date.now() - startedAt) / 1000)} s so far ...`);
  }, heartbeatMs);
  const child = spawn(program, parameters, {
    env: { ...machine.environment, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const deadline = setTimeout(() => child.kill('SIGTERM'), timeoutMs);
  const output: string[] = [];
  const lastLines: string[] = [];
  const keepLine = (line: string): void => {
    lastLines.push(line);
    if (lastLines.length > maxKeptLines) lastLines.shift();
  };
  createInterface(child.stdout).on('line', (line) => {
    output.push(line);
    keepLine(line);
  });
  createInterface(child.stderr).on('line', keepLine);
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string, cause?: Error): void =>
        reject(new CommandError([`${[program, ...parameters].join(' ')}: ${why}`, ...lastLines].join('\n'), { cause }));
      child.once('error', (cause) => fail(cause.message, cause));
      child.once('close', (code, signal) => {
        if (code === 0) resolve();
        else if (Date.now() - startedAt >= timeoutMs) fail(`not done after ${timeoutMs / 1000} s`);
        else fail(code === null ? `ended by ${signal ?? 'a signal'}` : `ended with status ${code}`);
      });
    });
  } finally {
    clearInterval(heartbeat);
    clearTimeout(deadline);
  }
  return output.join('\n');
}
