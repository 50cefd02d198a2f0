import { connect, type ClientHttp2Session } from 'node:http2';
import { text as readText } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fastify, type FastifyInstance } from 'fastify';
import { Connections } from '../src/faults/connections.ts';

describe('a connection with several requests at once (HTTP/2)', () => {
  let app: FastifyInstance;
  let url: string;
  let answerLate: () => void;
  const sessions: ClientHttp2Session[] = [];

  beforeEach(async () => {
    // Fastify's type of a server depends on its protocol; these routes work with any.
    app = fastify({ http2: true }) as unknown as FastifyInstance;
    const connections = new Connections();
    connections.attach(app);
    const late = Promise.withResolvers<string>();
    answerLate = () => late.resolve('late');
    app.get('/ok', () => 'ok');
    app.get('/late', () => late.promise);
    app.get('/silence', (request) => {
      connections.silence(request);
      return connections.leaveUnanswered(request);
    });
    app.get('/cut', (request) => {
      connections.cut(request);
      return connections.leaveUnanswered(request);
    });
    url = await app.listen({ port: 0, host: '127.0.0.1' });
  });

  afterEach(async () => {
    for (const session of sessions.splice(0)) session.destroy();
    await app.close();
  });

  function open(): ClientHttp2Session {
    const session = connect(url);
    session.on('error', () => undefined);
    sessions.push(session);
    return session;
  }

  /** Resolves however it ends: a reset is an end too. */
  const closed = (session: ClientHttp2Session) => new Promise((resolve) => session.once('close', resolve));

  const ask = (session: ClientHttp2Session, path: string) => session.request({ ':path': path });

  it('can be silenced for all its requests, current and later, without affecting other connections', async () => {
    const session = open();
    await expect(readText(ask(session, '/ok'))).resolves.toBe('ok');
    const answered: string[] = [];
    for (const path of ['/late', '/silence', '/ok']) {
      ask(session, path).on('response', () => answered.push(path));
    }
    // The response to a ping arrives after the requests have been received.
    await new Promise((resolve) => session.ping(resolve));
    answerLate();
    await expect(readText(ask(open(), '/late'))).resolves.toBe('late');
    await new Promise((resolve) => session.ping(resolve));
    expect(answered).toEqual([]);
    expect(session.closed).toBe(false);
  });

  it('ends for all its requests when it is cut', async () => {
    const session = open();
    const late = ask(session, '/late');
    late.on('error', () => undefined);
    const responses: string[] = [];
    late.on('response', () => responses.push('/late'));
    ask(session, '/cut').on('error', () => undefined);
    await closed(session);
    expect(responses).toEqual([]);
  });

  it('does not prevent the server from closing if it is silenced', async () => {
    const session = open();
    ask(session, '/silence').on('error', () => undefined);
    await new Promise((resolve) => session.ping(resolve));
    await Promise.all([closed(session), app.close()]);
  });
});
