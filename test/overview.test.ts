import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  startLiveListener,
  startLiveSpeaker,
  startProcess,
  startStack,
  type TestProcess,
  type TestStack,
} from './harness/index.ts';

const keys = { tenant: 'key-of-the-tenant-acme', dashboard: 'key-of-the-dashboard' };
const timeoutMs = 90_000;

/** What the test reads of `/overview.json`. */
interface Overview {
  readonly verdict: string;
  readonly findings: readonly { readonly severity: string; readonly where: string; readonly what: string }[];
  readonly edges: readonly { readonly state: string; readonly status: { readonly sockets: number } }[];
  readonly workers: readonly { readonly state: string; readonly status: object }[];
  readonly queues: readonly object[];
  readonly endpoints: readonly object[];
  readonly sessions: { readonly total: number; readonly listed: readonly { readonly lagP95Ms?: number }[] };
  readonly today: { readonly tenants: readonly object[] };
}

describe('the overview of a running system', () => {
  let stack: TestStack;
  let dashboard: TestProcess;
  beforeAll(async () => {
    const env = {
      API_KEYS: `acme:${keys.tenant}`,
      WORKER_THREADS: '2',
      ENGINE_PRICES: '{"gpt-4.1-mini": {"inputPerMillion": 1000, "outputPerMillion": 1000}}',
    };
    stack = await startStack({ env });
    const dashboardEnv = { ...env, REDIS_URL: stack.redis.url, DASHBOARD_KEY: keys.dashboard };
    dashboard = await startProcess({ name: 'dashboard', env: dashboardEnv });
  });
  afterAll(async () => {
    await dashboard[Symbol.asyncDispose]();
    await stack[Symbol.asyncDispose]();
  });

  const ask = async (path: string): Promise<string> => {
    const authorization = `Basic ${Buffer.from(`anybody:${keys.dashboard}`).toString('base64')}`;
    const response = await fetch(new URL(path, dashboard.url), { headers: { authorization } });
    expect(response.status).toBe(200);
    return response.text();
  };

  /** Reads the overview until it is as expected. */
  const until = async (isExpected: (overview: Overview) => boolean): Promise<Overview> => {
    const deadline = AbortSignal.timeout(timeoutMs);
    for (;;) {
      const overview = JSON.parse(await ask('overview.json')) as Overview;
      if (isExpected(overview)) return overview;
      if (deadline.aborted) throw new Error(`the overview remains ${JSON.stringify(overview)}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  const finds = (where: string, what: RegExp) => (overview: Overview) =>
    overview.findings.some((finding) => finding.where === where && what.test(finding.what));

  it('tells whether it is well, and if not, where', async () => {
    await until(({ verdict }) => verdict === 'well');
    await using speaker = await startLiveSpeaker(stack, {
      sourceLanguage: 'en',
      targetLanguages: ['es', 'ca'],
      apiKey: keys.tenant,
    });
    await using listener = await startLiveListener(stack, {
      joinCode: speaker.session.started.joinCode,
      targetLanguages: ['es'],
    });
    speaker.session.sendPartial({ segmentId: 1, revision: 0, text: 'Chameleons juggle' });
    await speaker.session.sendFinal({ segmentId: 1, text: 'Chameleons juggle marmalade.' });
    const { sessionId } = speaker.session.started;

    const live = await until(
      ({ verdict, sessions: { listed }, today }) =>
        verdict === 'well' && listed[0]?.lagP95Ms !== undefined && today.tenants.length > 0,
    );
    expect(live).toMatchObject({
      verdict: 'well',
      findings: [],
      edges: [{ state: 'reports', status: { sockets: 2, sessions: 1, speakers: 1 } }],
      workers: [
        {
          state: 'reports',
          status: { configuredThreads: 2, replacedThreads: 0, threads: [{ answers: true }, { answers: true }] },
        },
      ],
      queues: [
        { queue: 'partial', nextJobAgeMs: 0 },
        { queue: 'final', nextJobAgeMs: 0, jobs: { failed: 0 } },
        { queue: 'long-final', nextJobAgeMs: 0 },
      ],
      endpoints: [{ errors: 0, openCircuits: 0, threads: 2 }],
      sessions: {
        total: 1,
        listed: [
          {
            sessionId,
            tenant: 'acme',
            sourceLanguage: 'en',
            targetLanguages: ['es', 'ca'],
            listeners: 1,
            state: 'live',
            degraded: [],
          },
        ],
      },
      today: { tenants: [{ tenant: 'acme' }] },
    });
    expect(await ask('overview')).toContain('<h1 class="well">All is well</h1>');

    // No worker is left, and work waits.
    await stack.kill('workers', 0);
    await speaker.session.sendFinal({ segmentId: 2, text: 'Walruses polish xylophones.' });
    await until(finds('queue final', /^the next job has waited for /));
    const without = await until(finds('workers', /^none reports: nothing is translated$/));
    expect(without.workers).toMatchObject([{ state: 'missing' }]);
    expect(without.findings.map(({ what }) => what)).toContainEqual(
      expect.stringMatching(/^has not reported for \d+ s; 0 of 1 workers report$/),
    );
    expect(await ask('overview')).toContain('<h1 class="down">Down</h1>');
    await until(finds('sessions', /^1 overloaded$/));

    await stack.restart('workers', 0);
    const again = await until(({ verdict, workers }) => verdict !== 'down' && workers.length === 2);
    expect(again.workers.map(({ state }) => state).sort()).toEqual(['replaced', 'reports']);

    // An engine that is gone, also before anybody speaks.
    stack.engine.child.kill();
    const down = await until(finds('engine', /^no endpoint can be used$/));
    expect(down.verdict).toBe('down');
    expect(down.findings).toContainEqual(
      expect.objectContaining({ severity: 'degraded', where: expect.stringMatching(/^endpoint /) }),
    );
    expect(listener.messages.length).toBeGreaterThan(0);
  }, 240_000);

  it('I16: has nothing of what is said, nor do the statuses that processes record', async () => {
    const redis = stack.redis.connect();
    const statuses = await redis.keys('{process-status}:of:*');
    expect(statuses.length).toBeGreaterThanOrEqual(2);
    const texts = [...(await redis.mget(statuses)), await ask('overview.json'), await ask('overview')].join('\n');
    expect(texts).toContain('acme');
    expect(texts).not.toMatch(/chameleons|juggle|marmalade|walruses|xylophones/i);
  });
});
