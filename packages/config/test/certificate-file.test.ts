import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { engineCertificates, loadConfig } from '../src/index.ts';

const folder = await mkdtemp(join(tmpdir(), 'parley-certificates-'));
afterAll(() => rm(folder, { recursive: true }));

describe('ENGINE_CA_FILE', () => {
  it('returns the contents of the named file', async () => {
    const path = join(folder, 'ca.pem');
    const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    await writeFile(path, pem);
    expect(engineCertificates(loadConfig({ ENGINE_CA_FILE: path }))).toBe(pem);
    expect(engineCertificates(loadConfig({}))).toBeUndefined();
  });

  it('is rejected when the file is missing or holds no certificate', async () => {
    const empty = join(folder, 'empty.pem');
    await writeFile(empty, '');
    const problems = [
      [empty, 'the file holds no certificate'],
      [join(folder, 'none.pem'), 'the file cannot be read: ENOENT'],
    ] as const;
    for (const [path, problem] of problems) {
      // Loading the configuration alone does not read the file.
      const config = loadConfig({ ENGINE_CA_FILE: path });
      const message = `ENGINE_CA_FILE=${path}: must be the path of a PEM file with certificates; ${problem}`;
      expect(() => engineCertificates(config)).toThrow(message);
    }
  });
});
