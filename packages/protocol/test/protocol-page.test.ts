import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  clientMessageSchema,
  closeCodes,
  degradedReasonSchema,
  errorCodes,
  serverMessageSchema,
} from '../src/index.ts';

const page = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');

/** The cells of the table below a heading, by row. */
function table(heading: string): string[][] {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `') || /^\| \d/.test(line))
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim().replaceAll('`', ''))
        .slice(1, -1),
    );
}

describe('docs/protocol.md', () => {
  it('lists exactly the error codes, and whether each is retryable', () => {
    const rows = table('Error codes').map(([code, , again]) => [code, again === 'later']);
    const codes = Object.entries(errorCodes).map(([code, { retryable }]) => [code, retryable]);
    expect(rows.sort()).toEqual(codes.sort());
  });

  it('lists exactly the close codes', () => {
    expect(table('Close codes').map(([code]) => Number(code))).toEqual(Object.values(closeCodes));
  });

  it('lists exactly the reasons of degradation', () => {
    const rows = table('Reduced service').map(([reason]) => reason);
    expect(rows).toEqual(degradedReasonSchema.options);
  });

  it('lists exactly the messages', () => {
    const types = (schema: { options: readonly { shape: { type: { value: string } } }[] }) =>
      schema.options.map((option) => option.shape.type.value).sort();
    expect(
      table('From the client')
        .map(([type]) => type)
        .sort(),
    ).toEqual(types(clientMessageSchema));
    expect(
      table('From the server')
        .map(([type]) => type)
        .sort(),
    ).toEqual(types(serverMessageSchema));
  });

  it('names every field of every message', () => {
    for (const option of [...clientMessageSchema.options, ...serverMessageSchema.options]) {
      for (const field of Object.keys(option.shape)) expect(page).toContain(`\`${field}\``);
    }
  });
});
