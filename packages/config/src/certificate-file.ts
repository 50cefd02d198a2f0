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
export function engineCertificates({ ENGINE_CA_FILE }: Pick<Config, 'ENGINE_CA_FILE'>): string | undefined {
  return readCertificates('ENGINE_CA_FILE', ENGINE_CA_FILE);
}

/**
 * Reads the PEM certificates that a variable names; `undefined` if it is unset.
 *
 * @throws ConfigError if the file can't be read or holds no certificate
 */
export function readCertificates(
  variable: 'ENGINE_CA_FILE' | 'REDIS_CA_FILE',
  path: string | undefined,
): string | undefined {
  if (path === undefined) return undefined;
  const { allowed } = variables[variable];
  const configError = (problem: string): ConfigError =>
    new ConfigError([{ variable, value: path, allowed: `${allowed}; ${problem}` }]);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw configError(`the file cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`);
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw configError('the file holds no certificate');
  return text;
}
