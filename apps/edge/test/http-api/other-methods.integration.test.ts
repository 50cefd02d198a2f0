import { describe, expect, it } from '@jest/globals';
import { call, edgesForFile } from './edges-for-file.ts';

const key = 'a-key-of-this-test-alone';
const { urls } = await edgesForFile({ API_KEYS: `clinic:${key}` });

describe('a method that a path does not have', () => {
  it.each([
    ['GET', '/v1/tokens', 'POST'],
    ['POST', '/v1/languages', 'GET, HEAD'],
    ['PATCH', '/v1/sessions/some', 'DELETE, GET, HEAD'],
    ['PUT', '/v1/sessions/some/transcript.srt', 'GET, HEAD'],
    ['DELETE', '/v1/listen/AAAAAAAAAA/events', 'GET'],
    ['POST', '/v1/openapi.json', 'GET, HEAD'],
  ])('%s %s is answered with those that it has, whatever the body', async (method, path, allow) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = method === 'GET' ? undefined : { some: 'body' };
    const reply = await call(`${urls[0]}${path}`, { method, key, headers, body });
    expect(reply).toMatchObject({ status: 405, body: { error: { code: 'method-not-allowed' } } });
    expect(reply.headers.get('allow')).toBe(allow);
  });

  it('HEAD of an event stream is none either', async () => {
    const { status } = await fetch(`${urls[0]}/v1/listen/AAAAAAAAAA/events?lang=es`, { method: 'HEAD' });
    expect(status).toBe(405);
  });

  it('OPTIONS is answered also if it is not that of a browser', async () => {
    expect((await fetch(`${urls[0]}/v1/sessions`, { method: 'OPTIONS' })).status).toBe(204);
  });
});
