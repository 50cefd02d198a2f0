import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { engineCertificates, loadConfig } from '../src/index.ts';

const folder = await mkdtemp(join(tmpdir(), 'parley-certificates-'));
afterAll(() => rm(folder, { recursive: true }));

describe('ENGINE_CA_FILE', () => {
  it('names a file, and what counts is what that holds', async () => {
    const path = join(folder, 'ca.pem');
    const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    await writeFile(path, pem);
    expect(engineCertificates(loadConfig({ ENGINE_CA_FILE: path }))).toBe(pem);
    expect(engineCertificates(loadConfig({}))).toBeUndefined();
  });

  it('must be there, and hold certificates', async () => {
    const empty = join(folder, 'empty.pem');
    await writeFile(empty, '');
    const problems = [
      [empty, 'it holds none'],
      [join(folder, 'none.pem'), 'it can not be read: ENOENT'],
    ] as const;
    for (const [path, problem] of problems) {
      // Whoever asks no engine needs no such file.
      const config = loadConfig({ ENGINE_CA_FILE: path });
      const said = `ENGINE_CA_FILE=${path}: must be the path of a PEM file with certificates; ${problem}`;
      expect(() => engineCertificates(config)).toThrow(said);
    }
  });
});
