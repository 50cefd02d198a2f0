import { setTimeout as delay } from 'node:timers/promises';
import { sourceOfMarked, type HistoryReport, type Violation } from '@parley/checker';
import { startLiveListener } from './live-listener.ts';
import { startLiveSpeaker } from './live-speaker.ts';
import { partialOf, resultOf } from './results.ts';
import type { TestStack } from './stack.ts';

/** The outcome of a session with a silence. */
interface AfterSilence {
  readonly host: HistoryReport;
  readonly listener: readonly Violation[];
  /** The number of sockets that the host and its listener used. */
  readonly connections: readonly [number, number];
}

/**
 * Sends transcripts, pauses, and continues the open segment; waits for every result.
 *
 * @param begun called with the session id when the silence begins
 */
export async function speakAfterSilence(
  stack: TestStack,
  silenceMs: number,
  begun: (sessionId: string) => Promise<void> = () => Promise.resolve(),
): Promise<AfterSilence> {
  const judge = { sourceOf: sourceOfMarked, exactPartials: true };
  await using host = await startLiveSpeaker(
    stack,
    { sourceLanguage: 'en', targetLanguages: ['es'], stability: 'off' },
    { ...judge, isLossless: true },
  );
  const { joinCode, sessionId } = host.session.started;
  await using listener = await startLiveListener(stack, { joinCode, targetLanguages: ['es', 'en'] }, judge);
  const say = async (segmentId: number, revision: number): Promise<void> => {
    host.session.sendPartial({ segmentId, revision, text: `segment ${segmentId} revision ${revision}` });
    for (const { waitForMessage } of [host, listener]) await waitForMessage(partialOf(segmentId, { revision }));
  };
  const settle = async (segmentId: number): Promise<void> => {
    await host.session.sendFinal({ segmentId, text: `segment ${segmentId}` });
    for (const { waitForMessage } of [host, listener]) await waitForMessage(resultOf(segmentId));
  };
  await say(1, 0);
  await settle(1);
  await say(2, 0);
  await begun(sessionId);
  await delay(silenceMs);
  await say(2, 1);
  await settle(2);
  await say(3, 0);
  await settle(3);
  const report = await host.end();
  await listener.waitForMessage(({ type }) => type === 'session.ended');
  return {
    host: report,
    listener: listener.judge(host),
    connections: [host.socket.connections, listener.socket.connections],
  };
}
