import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { configurationPage } from '../scripts/configuration-page.ts';

it('docs/configuration.md equals the output of `npm run docs`', async () => {
  expect(await readFile(new URL('../docs/configuration.md', import.meta.url), 'utf8')).toBe(await configurationPage());
});
