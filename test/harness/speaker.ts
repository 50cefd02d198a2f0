import { readFileSync } from 'node:fs';
import { createHistoryChecker, type HistoryCheckerOptions, type HistoryReport } from '@parley/checker';
import { connect, type PartialTranscript, type Session, type StartedSession, type StartOptions } from '@parley/client';
import type { ServerMessage } from '@parley/protocol';

/** A client whose whole history of sent and received messages is checked. */
export interface Speaker extends AsyncDisposable {
  readonly session: StartedSession;
  readonly messages: readonly ServerMessage[];
  /** Resolves with the first past or future message that matches. */
  waitForMessage(fits: (message: ServerMessage) => boolean): Promise<ServerMessage>;
  /** Ends the session and judges its history. */
  end(): Promise<HistoryReport>;
}

export async function startSpeaker(
  url: string,
  options: StartOptions,
  checkerOptions: HistoryCheckerOptions = {},
  apiKey?: string,
): Promise<Speaker> {
  const client = await connect({ url, apiKey });
  const checker = createHistoryChecker(checkerOptions);
  const messages: ServerMessage[] = [];
  client.on('sent', (message) => checker.sent(message, performance.now()));
  client.on('message', (message) => {
    messages.push(message);
    checker.received(message, performance.now());
  });
  const session = await client.startSession(options);
  return {
    session,
    messages,
    waitForMessage: (fits) => {
      const heard = messages.find(fits);
      if (heard !== undefined) return Promise.resolve(heard);
      return new Promise((resolve) => {
        const off = client.on('message', (message) => {
          if (!fits(message)) return;
          off();
          resolve(message);
        });
      });
    },
    end: async () => {
      await session.end({ timeoutMs: 60_000 });
      return checker.finish();
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** One line of a recognizer trace: `t` in ms since the start of the recording. */
export interface TraceEvent {
  readonly t: number;
  readonly segment: number;
  readonly final: boolean;
  readonly text: string;
}

export function readTrace(name: string): TraceEvent[] {
  const file = new URL(`../fixtures/asr-traces/${name}.jsonl`, import.meta.url);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as TraceEvent);
}

/** A session, or one that survives its socket. */
type Speaking = Pick<Session, 'sendFinal'> & { sendPartial(transcript: PartialTranscript): unknown };

/** Sends a trace at `speed` times its recorded speed; resolves when every final is accepted. */
export async function speak(session: Speaking, trace: readonly TraceEvent[], speed: number): Promise<void> {
  const startedAtMs = performance.now();
  const accepted: Promise<void>[] = [];
  let revision = 0;
  for (const event of trace) {
    const waitMs = event.t / speed - (performance.now() - startedAtMs);
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const { segment: segmentId, text } = event;
    if (event.final) accepted.push(session.sendFinal({ segmentId, text }));
    else session.sendPartial({ segmentId, revision: revision++, text });
  }
  await Promise.all(accepted);
}
