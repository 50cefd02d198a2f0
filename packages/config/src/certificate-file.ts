import { readFileSync } from 'node:fs';
import { ConfigError } from './config-error.ts';
import type { Config } from './load-config.ts';
import { variables } from './variables.ts';

/**
 * The certificates in the file of `ENGINE_CA_FILE`, in PEM; `undefined` where none is named. It is read by whoever asks the
 * engine: other processes may not have it.
 *
 * @throws ConfigError where it can't be read or holds no certificate
 */
export function engineCertificates({ ENGINE_CA_FILE: path }: Pick<Config, 'ENGINE_CA_FILE'>): string | undefined {
  if (path === undefined) return undefined;
  const { allowed } = variables.ENGINE_CA_FILE;
  const refuse = (problem: string): ConfigError =>
    new ConfigError([{ variable: 'ENGINE_CA_FILE', value: path, allowed: `${allowed}; ${problem}` }]);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw refuse(`it can not be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`);
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw refuse('it holds none');
  return text;
}
