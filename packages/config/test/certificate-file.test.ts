import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../src/index.ts';

const folder = await mkdtemp(join(tmpdir(), 'parley-certificates-'));
afterAll(() => rm(folder, { recursive: true }));

describe('ENGINE_CA_FILE', () => {
  it('is what the file holds', async () => {
    const path = join(folder, 'ca.pem');
    const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    await writeFile(path, pem);
    expect(loadConfig({ ENGINE_CA_FILE: path }).ENGINE_CA_FILE).toBe(pem);
  });

  it('must be there, and hold certificates', async () => {
    const empty = join(folder, 'empty.pem');
    await writeFile(empty, '');
    for (const path of [empty, folder, join(folder, 'none.pem')]) {
      const said = `ENGINE_CA_FILE=${path}: must be the path of a PEM file with certificates`;
      expect(() => loadConfig({ ENGINE_CA_FILE: path })).toThrow(said);
    }
  });
});
