import { readFileSync } from 'node:fs';
import { ConfigError } from './config-error.ts';
import type { Config } from './load-config.ts';
import { variables } from './variables.ts';

/**
 * Reads the PEM certificates that `ENGINE_CA_FILE` names; `undefined` if it is unset. Only processes that call the
 * engine read the file, since it may be missing on the hosts of the others.
 *
 * @throws ConfigError if the file can't be read or holds no certificate
 */
export function engineCertificates({ ENGINE_CA_FILE: path }: Pick<Config, 'ENGINE_CA_FILE'>): string | undefined {
  if (path === undefined) return undefined;
  const { allowed } = variables.ENGINE_CA_FILE;
  const configError = (problem: string): ConfigError =>
    new ConfigError([{ variable: 'ENGINE_CA_FILE', value: path, allowed: `${allowed}; ${problem}` }]);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw configError(`the file cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`);
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw configError('the file holds no certificate');
  return text;
}
