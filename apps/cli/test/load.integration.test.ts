import { describe, expect, it } from '@jest/globals';
import { markedScript, startScriptedEdge } from '../../../packages/client/test/scripted-edge.ts';
import type { LoadReport } from '../src/load/load-report.ts';
import { runParley } from './run-parley.ts';

const args = (url: string, ...more: string[]): string[] => [
  'load',
  '--sessions',
  '6',
  '--seconds',
  '1.5',
  '--speed',
  '10',
  '--to',
  'es,ca',
  '--url',
  url,
  ...more,
];

describe('parley load', () => {
  it('reports latencies, counts, processes and no violation with a correct edge', async () => {
    await using edge = await startScriptedEdge(markedScript());
    const { exitCode, stdout, stderr } = await runParley(
      args(edge.url, '--json', '--unique', '--unmark', '--pids', `edge=${process.pid}`),
    );
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    const report = JSON.parse(stdout.join('')) as LoadReport;
    expect(report).toMatchObject({
      sessions: 6,
      targetLanguages: ['es', 'ca'],
      finalsFailed: 0,
      errors: {},
      violations: [],
    });
    expect(report.finalsTranslated).toBe(report.finalsSent * 2);
    expect(report.partialsShown).toBe(report.partialsSent * 2);
    expect(report.finalMs.count).toBe(report.finalsTranslated);
    expect(report.partialMs.count).toBe(report.partialsShown);
    expect(report.processes.map(({ name }) => name)).toEqual(['edge', 'load']);
    for (const { peakMemoryMib, cpuPercent } of report.processes) {
      expect(peakMemoryMib).toBeGreaterThan(10);
      expect(cpuPercent).toBeGreaterThan(0);
    }
  });

  it('sends different texts in every session with --unique, and new segment ids in every round', async () => {
    await using edge = await startScriptedEdge(markedScript());
    const unhurried = ['load', '--sessions', '2', '--seconds', '5', '--speed', '100', '--to', 'es', '--url', edge.url];
    expect((await runParley([...unhurried, '--unique'])).exitCode).toBe(0);
    const finals = edge.received.filter((message) => message.type === 'transcript.final');
    const spokenBy = (session: string): number[] =>
      finals.filter(({ text }) => text.startsWith(`${session} `)).map(({ segmentId }) => segmentId);
    expect(finals).toHaveLength(spokenBy('0').length + spokenBy('1').length);
    for (const segmentIds of [spokenBy('0'), spokenBy('1')]) {
      expect(segmentIds.length).toBeGreaterThan(15);
      expect(segmentIds).toEqual(segmentIds.map((_, index) => index + 1));
    }
  });

  it('detects the translation of another text, and exits with 1', async () => {
    const script = markedScript();
    let before = '';
    await using edge = await startScriptedEdge((message, peer) => {
      if (message.type !== 'transcript.final') {
        script(message, peer);
        return;
      }
      script({ ...message, text: before === '' ? message.text : before }, peer);
      before = message.text;
    });
    const { exitCode, stdout } = await runParley(args(edge.url, '--unique', '--unmark'));
    expect(stdout.join('\n')).toContain('wrong-text: a translation that is not one of its own text (segment');
    expect(exitCode).toBe(1);
  });

  it('reports that no session could be opened, and exits with 1', async () => {
    await using edge = await startScriptedEdge(markedScript(), () => ({ status: 503, body: 'starting' }));
    const { exitCode, stdout } = await runParley(args(edge.url));
    expect(stdout.join('\n')).toContain('session 0: the server refused the connection with HTTP 503: starting');
    expect(exitCode).toBe(1);
  });
});
