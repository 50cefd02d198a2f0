import { describe, expect, it } from '@jest/globals';
import { judge } from '../src/overview/judge.ts';
import type { SystemState } from '../src/overview/overview.ts';
import { html } from '../src/overview-page/html.ts';
import { overviewPage } from '../src/overview-page/overview-page.ts';
import { atMs, sessionRow, wellState, workerRow } from './overview/system-states.ts';

const page = (changed: Partial<SystemState> = {}, hasOperator = false): string =>
  overviewPage(judge(wellState(changed), atMs), { hasOperator });

/** The texts of a page, without its tags. */
const textOf = (markup: string): string => markup.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

describe('HTML', () => {
  it('is escaped wherever a value is inserted, also in lists and attributes', () => {
    const hostile = `<script>"'&`;
    const escaped = '&lt;script&gt;&quot;&#39;&amp;';
    expect(html`<p class="${hostile}">${[hostile, html`<b>${hostile}</b>`]}</p>`.text).toBe(
      `<p class="${escaped}">${escaped}<b>${escaped}</b></p>`,
    );
    expect(html`${0}${''}`.text).toBe('0');
  });
});

describe('the page of the overview', () => {
  it('tells the verdict first, and what is not well where', () => {
    expect(page()).toContain('<title>All is well · Parley</title>');
    expect(page()).toContain('<h1 class="well">All is well</h1>');
    const degraded = page({
      workers: [workerRow(), workerRow({ state: 'missing', ageMs: 14_000, name: 'worker <b> 7' })],
    });
    expect(degraded).toContain('<h1 class="degraded">Degraded</h1>');
    expect(degraded).toContain('<li class="degraded"><strong>worker &lt;b&gt; 7</strong>: has not reported for 14 s');
    expect(page({ workers: [] })).toContain('<h1 class="down">Down</h1>');
  });

  it('shows sessions, queues, endpoints, edges, workers, calls and savings', () => {
    const text = textOf(page());
    for (const expected of [
      's-one acme en → es, ar 48 520 ms full 0.1842 25 min',
      's-two globex, room main-hall en → fr 3 410 ms full 0.0091',
      'final none waits 0 2 0 0',
      'api.example.com small-model usable closed 240 ms 430 ms 805 0 0 62%',
      'edge host-a 101 reports 60 min 53 2 480 ms 640 ms 0',
      'worker host-a 102 reports 60 min 2 of 2 0 1: 410, 2: 395 5 ms 100 0',
      'made 805 87%',
      'found in the cache 61 7%',
      'acme 21,400 4,490,000 3,684,000 310,000 64,000 2,900,000 410,000 2.2640 25.0000',
      'all tenants 21,400 4,490,000 3,684,000 310,000 64,000 2,900,000 410,000 2.2640 –',
    ]) {
      expect(text).toContain(expected);
    }
  });

  it('says where there is nothing to show', () => {
    const text = textOf(
      page({
        edges: [],
        workers: [],
        queues: [],
        endpoints: [],
        calls: { made: 0, memory: 0, cache: 0, joinedHere: 0, joinedElsewhere: 0, cacheFailures: 0 },
        sessions: { total: 0, listed: [] },
        today: undefined,
      }),
    );
    for (const expected of [
      'No live sessions.',
      'No edge reports.',
      'No worker reports.',
      'The queues could not be read.',
      'No worker reports an endpoint.',
      'No calls in the last minute.',
      'Nothing was used today.',
    ]) {
      expect(text).toContain(expected);
    }
  });

  it('tells a tenant without a limit from one without a budget of its own', () => {
    const { today } = wellState();
    if (today === undefined) throw new Error('the state has no usage');
    const tenants = [
      { tenant: 'acme', usage: today.total, dailyBudgetMicros: 0 },
      { tenant: 'globex', usage: today.total },
    ];
    const text = textOf(page({ today: { ...today, tenants } }));
    expect(text).toMatch(/acme [\d,. ]+ 2\.2640 unlimited globex [\d,. ]+ 2\.2640 –/);
  });

  it('counts the sessions that are not listed, and shortens long lists of languages', () => {
    const targetLanguages = Array.from({ length: 20 }, (_, number) => `l${number}`);
    const text = textOf(page({ sessions: { total: 1234, listed: [sessionRow({ targetLanguages })] } }));
    expect(text).toContain('The worst 1 of 1,234 sessions.');
    expect(text).toContain('en → l0, l1, l2, l3, l4, l5, l6, l7 and 12 more');
  });

  it('names why service is reduced, and the state of a session that is not live', () => {
    const listed = [sessionRow({ degraded: ['overloaded', 'rate-limited'] }), sessionRow({ state: 'paused' })];
    const text = textOf(page({ sessions: { total: 2, listed } }));
    expect(text).toContain('520 ms overloaded, rate-limited 0.1842');
    expect(text).toContain('520 ms paused 0.1842');
  });

  it('has tables with named columns and rows, and links to the operators’ board only if there is one', () => {
    const markup = page();
    const headers = [...markup.matchAll(/<th[ >]/g)].length;
    expect([...markup.matchAll(/<th scope="(?:col|row)"/g)].length).toBe(headers);
    expect(markup).not.toContain('href="operator/"');
    expect(page({}, true)).toContain('href="operator/"');
  });
});
