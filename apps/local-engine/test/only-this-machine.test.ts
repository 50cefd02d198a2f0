import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isFromThisMachine } from '../src/routes/only-this-machine.ts';
import { startEngineFixture, type EngineFixture } from './engine-fixture.ts';

describe('the commands for tests', () => {
  let engine: EngineFixture;
  beforeAll(async () => (engine = await startEngineFixture()));
  afterAll(() => engine.close());

  /** The status of a command without a body, as a page of any site could send it. */
  const statusOf = (headers: Readonly<Record<string, string>>): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      request(new URL('/debug/reset', engine.url), { method: 'POST', headers }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      })
        .on('error', reject)
        .end();
    });

  it('are only for programs on this machine, not for web pages in its browsers', async () => {
    const { port } = new URL(engine.url);
    expect(await statusOf({})).toBe(200);
    expect(await statusOf({ host: `localhost:${port}` })).toBe(200);
    expect(await statusOf({ host: `rebound.example:${port}` })).toBe(404);
    expect(await statusOf({ origin: 'https://another.example' })).toBe(404);
    expect(await statusOf({ origin: 'null' })).toBe(404);
    expect(await statusOf({ origin: `http://127.0.0.1:${port}` })).toBe(404);
    expect(await statusOf({ 'x-forwarded-for': '203.0.113.5' })).toBe(404);
  });
});

it.each([
  [{ host: '127.0.0.1:8788' }, '127.0.0.1', true],
  [{ ':authority': 'localhost:8788' }, '::1', true],
  [{ ':authority': 'rebound.example' }, '::1', false],
  [{ host: 'localhost' }, '::ffff:127.0.0.1', true],
  [{ host: 'localhost' }, '192.0.2.1', false],
  [{ host: 'localhost' }, undefined, false],
  [{}, '127.0.0.1', false],
])('a request with %j from %s is from this machine: %s', (headers, remoteAddress, isOwn) => {
  expect(isFromThisMachine(headers, remoteAddress)).toBe(isOwn);
});
