import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { httpErrorStatus } from '@parley/protocol/http-api';
import { EngineProfileStore } from '@parley/redis/engine-profile';
import { edgesForFile } from './edges-for-file.ts';
import { StreamClient } from './stream-client.ts';

const page = readFileSync(new URL('../../../../docs/http-api.md', import.meta.url), 'utf8');
const key = 'a-key-of-this-test-alone';
const { urls, redis } = await edgesForFile({ API_KEYS: `clinic:${key}` });

/** The example commands of the page, each with the reply shown below it. */
const examples = [...page.matchAll(/```sh\n(.*?)```(?:\s*```(json|text)\n(.*?)```)?/gs)].map(
  ([, command = '', language, reply]) => ({ command, language, reply }),
);

/** Replaces values by their types, and keeps codes and the names of fields. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, name === 'code' ? field : shapeOf(field)]),
  );
}

/** Removes what differs from run to run, and blank lines at the end. */
function withoutIds(text: string): string {
  return text.replaceAll(/\d{16}|"sessionId":"[^"]*"/g, '').trimEnd();
}

/** The engine doesn't support the language of this final, so no job waits for a worker. */
async function sayGoodMorning(host: StreamClient): Promise<void> {
  const said = { text: 'Good morning.', language: 'fr', startMs: 400, endMs: 1900 };
  host.send({ type: 'transcript.final', segmentId: 1, ...said });
  await host.waitForMessage(({ type }) => type === 'transcript.accepted');
}

describe('docs/http-api.md', () => {
  it('shows commands that work, and their replies', async () => {
    const languagePairs: [string, string][] = [
      ['en', 'es'],
      ['es', 'en'],
    ];
    await new EngineProfileStore(redis).publish({ v: 1, engine: 'test', languagePairs });
    expect(examples).toHaveLength(10);
    for (const { command, language, reply = '' } of examples) {
      // Deleted by one of the commands.
      await using host = await StreamClient.open(urls[0], `bearer.${key}`);
      const { sessionId, joinCode } = await host.start();
      if (command.includes('/transcript.')) await sayGoodMorning(host);
      const env = { PATH: process.env['PATH'], PARLEY: urls[0], KEY: key, SESSION_ID: sessionId, JOIN_CODE: joinCode };
      // The stream does not end by itself.
      const limit = language === 'text' ? '-m 1' : '-m 20';
      const run = promisify(execFile)('bash', ['-c', command.replace('curl ', `curl -sS ${limit} `)], { env });
      const { stdout } = await run.catch((error: unknown) => error as { stdout: string });
      if (language === undefined) expect(stdout).toBe('');
      else if (language === 'json') expect(shapeOf(JSON.parse(stdout))).toEqual(shapeOf(JSON.parse(reply)));
      else expect(withoutIds(stdout)).toBe(withoutIds(reply));
    }
  });

  it('lists exactly the error codes and their status', () => {
    const rows = [...page.matchAll(/^\| `([a-z-]+)` +\| (\d{3}) /gm)].map(([, code, status]) => [code, Number(status)]);
    expect(rows).toEqual(Object.entries(httpErrorStatus));
  });
});
