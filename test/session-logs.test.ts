import { once } from 'node:events';
import { connect } from '@parley/client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import {
  engineOf,
  startLiveListener,
  startLiveSpeaker,
  startProcess,
  startStack,
  type TestProcess,
  type TestStack,
} from './harness/index.ts';
import { loggedLine, logLines } from './harness/log-lines.ts';
import { startWebhookReceiver } from './harness/webhook-receiver.ts';
import { metricsOf, registeredMetrics } from './observability/registered-metrics.ts';

/** Words that are said, written or secret in these tests, and nowhere else. */
const words = { partial: 'xylophone', final: 'quagga', failing: 'zeppelin', term: 'marzipan', broken: 'bumblebee' };
const key = 'a-key-of-these-tests-only';

const resources = new AsyncDisposableStack();
let stack: TestStack;
let processes: Readonly<Record<keyof typeof metricsOf, TestProcess>>;

beforeAll(async () => {
  const receiver = resources.use(await startWebhookReceiver());
  const env = {
    API_KEYS: `acme:${key}`,
    // Also where `TEST_SWITCH` asks for an inline worker, or one without threads.
    WORKERS: 'process',
    WORKER_THREADS: '1',
    LOG_LEVEL: 'debug',
    SESSION_GRACE_MS: '300',
    WEBHOOK_URL: receiver.url,
    WEBHOOK_SECRET: 'a secret of these tests only',
  };
  stack = resources.use(await startStack({ env }));
  const dashboardEnv = {
    REDIS_URL: stack.redis.url,
    DASHBOARD_KEY: 'a-dashboard-key-of-these-tests',
    LOG_LEVEL: 'debug',
  };
  const dashboard = resources.use(await startProcess({ name: 'dashboard', env: dashboardEnv }));
  const [edge, worker] = [stack.edges[0], stack.workers[0]];
  if (edge === undefined || worker === undefined) throw new Error('the stack is not complete');
  processes = { edge, worker, dashboard, engine: stack.engine };
});
afterAll(async () => {
  await resources.disposeAsync();
});

const pageOf = async ({ metricsUrl }: TestProcess): Promise<string> => (await fetch(metricsUrl)).text();

describe('the logs', () => {
  it('have the start and the end of a session, with its languages and counts', async () => {
    const [edges, workers] = [stack.edges, stack.workers];
    const languages = { sourceLanguage: 'en', targetLanguages: ['es', 'ca'] };
    const speaker = await startLiveSpeaker(stack, { apiKey: key, ...languages });
    const { sessionId, joinCode } = speaker.session.started;
    await using listener = await startLiveListener(stack, { joinCode, targetLanguages: ['es'] });
    await speaker.waitForMessage((message) => message.type === 'session.listeners' && message.listeners === 1);
    await engineOf(stack).fail({ text: `${words.failing}.`, target: 'ca', status: 400 });
    for (const segmentId of [1, 2, 3]) {
      speaker.session.sendPartial({ segmentId, revision: 0, text: `the ${words.partial}` });
      await speaker.waitForMessage(
        (message) => message.type === 'translation.partial' && message.segmentId === segmentId,
      );
    }
    await speaker.session.sendFinal({ segmentId: 1, text: `the ${words.final}.` });
    await speaker.session.sendFinal({ segmentId: 2, text: `${words.failing}.` });
    await listener.waitForMessage((message) => message.type === 'translation.final' && message.segmentId === 2);
    await speaker.end();

    const common = { level: 'info', sessionId, tenant: 'acme', ...languages };
    const end = await loggedLine(workers, 'session ended', (line) => line.sessionId === sessionId);
    expect(end).toMatchObject({
      ...common,
      process: 'worker',
      durationMs: expect.any(Number),
      partials: 3,
      finals: 2,
      translations: 3,
      failed: 1,
      cached: 0,
      mostListeners: 1,
    });
    expect(end.tokens).toBeGreaterThan(0);
    expect(end.durationMs).toBeGreaterThan(0);
    const starts = logLines(edges, 'session started').filter((line) => line.sessionId === sessionId);
    expect(starts).toEqual([expect.objectContaining({ ...common, process: 'edge' })]);
    const failures = logLines(workers, 'translating a final failed at the engine');
    expect(failures).toEqual([
      expect.objectContaining({ level: 'warn', sessionId, segmentId: 2, targetLanguage: 'ca', tenant: 'acme' }),
    ]);
    expect(await pageOf(processes.worker)).toContain('parley_worker_finals_failed_total{code="engine-rejected"} 1');
  });

  it('have the end of a session whose speaker does not return', async () => {
    const client = await connect({ url: stack.streamUrl(), apiKey: key });
    const { started } = await client.startSession({ sourceLanguage: 'en', targetLanguages: ['es'] });
    client.terminate();
    const { sessionId } = started;
    const end = await loggedLine(stack.workers, 'session ended', (line) => line.sessionId === sessionId);
    expect(end).toMatchObject({ tenant: 'acme', finals: 0, partials: 0, mostListeners: 0 });
  });
});

it('I16: no log at any level and no metric has what was said, or a secret', async () => {
  const { failing, term, broken } = words;
  const engine = engineOf(stack);
  const speaker = await startLiveSpeaker(stack, {
    apiKey: key,
    sourceLanguage: 'en',
    targetLanguages: ['es'],
    glossary: [{ source: term, target: term }],
  });
  const { joinCode, resumeToken, sessionId } = speaker.session.started;
  // Failures of every kind, whose errors might quote what was said.
  const faults = [
    { status: 400 },
    { status: 500 },
    { cutAfterTokens: 1 },
    { reply: '' },
    { effect: 'answer' },
  ] as const;
  for (const [segmentId, fault] of faults.entries()) {
    const text = `${failing} ${segmentId}, ${term}.`;
    await engine.fail({ text, times: 2, ...fault });
    speaker.session.sendPartial({ segmentId, revision: 0, text });
    await speaker.session.sendFinal({ segmentId, text, speaker: broken });
  }
  const socket = new WebSocket(`${stack.streamUrl()}?key=${broken}`, 'parley.v1', {
    headers: { authorization: `Bearer ${key}` },
  });
  await once(socket, 'open');
  for (const frame of [
    broken,
    `{"type":"${broken}"}`,
    `{"type":"transcript.partial","segmentId":1,"revision":0,"text":"${broken}"}`,
  ])
    socket.send(frame);
  await once(socket, 'close');
  await speaker.end();
  await loggedLine(stack.workers, 'session ended', (line) => line.sessionId === sessionId);

  const all = Object.values(processes);
  const logs = all.map((process) => process.output()).join('\n');
  const pages = (await Promise.all(all.map(pageOf))).join('\n');
  expect(logs).toContain('"level":"debug"');
  expect(pages).toContain('parley_worker_translations_total{kind="final",outcome="translated"}');
  for (const word of [...Object.values(words), key, joinCode, resumeToken]) {
    expect([word, logs.includes(word)]).toEqual([word, false]);
    expect([word, pages.includes(word)]).toEqual([word, false]);
  }
});

it.each(Object.keys(metricsOf) as (keyof typeof metricsOf)[])(
  'the %s serves the metrics that are registered for it',
  async (name) => {
    const page = await pageOf(processes[name]);
    const served = [...page.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, metric, type]) => [metric, type]);
    const registered = [...(await registeredMetrics(name))].map(([metric, { type }]) => [metric, type]);
    // A worker lacks it, because it merges the metrics of its threads.
    const others = ([metric]: (string | undefined)[]) => metric !== 'process_start_time_seconds';
    expect(served.filter(others).sort()).toEqual(registered.filter(others).sort());
  },
);
