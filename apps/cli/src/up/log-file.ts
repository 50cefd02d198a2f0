import { createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';

const keptFiles = 3;

export interface LogFile extends AsyncDisposable {
  readonly path: string;
  write(line: string): void;
}

/** Opens `NAME.log` in a folder. The logs of previous runs are kept as `NAME.1.log` (the newest) to `NAME.3.log`. */
export function openLogFile(folder: string, name: string): LogFile {
  mkdirSync(folder, { recursive: true });
  const path = (age: number): string => join(folder, age === 0 ? `${name}.log` : `${name}.${age}.log`);
  for (let age = keptFiles - 1; age >= 0; age--) if (existsSync(path(age))) renameSync(path(age), path(age + 1));
  const stream = createWriteStream(path(0), { flags: 'a', mode: 0o600 });
  stream.on('error', () => {
    // A full disk must not stop the process that is logged.
  });
  return {
    path: path(0),
    write: (line) => void stream.write(`${line}\n`),
    [Symbol.asyncDispose]: () => new Promise((resolve) => stream.end(resolve)),
  };
}
