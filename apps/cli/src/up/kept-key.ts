import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file that was written only in part does not match. */
const validKey = /^[\w-]{32}$/;

/** Returns the key in a file, which is created once and then stays the same. Only its owner can read the file. */
export function readOrCreateKey(folder: string, fileName: 'lan-key' | 'dashboard-key'): string {
  const path = join(folder, fileName);
  mkdirSync(folder, { recursive: true });
  const key = randomBytes(24).toString('base64url');
  try {
    writeFileSync(path, key, { mode: 0o600, flag: 'wx' });
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const existing = readFileSync(path, 'utf8');
  if (validKey.test(existing)) return existing;
  writeFileSync(path, key, { mode: 0o600 });
  return key;
}
