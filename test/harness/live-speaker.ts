import {
  createHistoryChecker,
  type HistoryChecker,
  type HistoryCheckerOptions,
  type HistoryReport,
} from '@parley/checker';
import { startLiveSession, type LiveSession, type LiveSessionOptions } from '@parley/client';
import { MessageLog } from './message-log.ts';
import { quickBackoff, urlsOf, type Edges } from './live-edges.ts';
import { tapSocket, type TappedSocket } from './tapped-socket.ts';

/** A final that was sent again although it had been accepted; times by the clock of `performance`. */
export interface SentAgain {
  readonly segmentId: number;
  readonly acceptedAtMs: number;
  readonly sentAtMs: number;
}

/** A speaker whose session survives its socket; the messages of all its connections are checked. */
export interface LiveSpeaker extends AsyncDisposable, Pick<MessageLog, 'messages' | 'waitForMessage'> {
  readonly session: LiveSession;
  /** Its handles cut and stall the connection of the moment. */
  readonly socket: TappedSocket;
  readonly checker: HistoryChecker;
  readonly sentAgain: readonly SentAgain[];
  /** Ends the session and judges its history. */
  end(timeoutMs?: number): Promise<HistoryReport>;
}

type SpeakerOptions = Omit<LiveSessionOptions, 'urls' | 'openSocket' | 'onMessage'>;

export async function startLiveSpeaker(
  edges: Edges,
  options: SpeakerOptions,
  checkerOptions: HistoryCheckerOptions = {},
): Promise<LiveSpeaker> {
  const checker = createHistoryChecker(checkerOptions);
  const acceptedAtMs = new Map<number, number>();
  const sentAgain: SentAgain[] = [];
  const socket = tapSocket({
    connected: () => checker.connected(),
    disconnected: () => checker.disconnected(),
    sent: (message, atMs) => {
      const accepted = message.type === 'transcript.final' ? acceptedAtMs.get(message.segmentId) : undefined;
      if (message.type === 'transcript.final' && accepted !== undefined) {
        sentAgain.push({ segmentId: message.segmentId, acceptedAtMs: accepted, sentAtMs: atMs });
      }
      checker.sent(message, atMs);
    },
    received: (message, atMs) => {
      if (message.type === 'transcript.accepted') acceptedAtMs.set(message.segmentId, atMs);
      checker.received(message, atMs);
    },
  });
  const heard = new MessageLog();
  const { openSocket } = socket;
  const how = { backoff: quickBackoff, ...options, urls: urlsOf(edges), openSocket, onMessage: heard.add };
  const session = await startLiveSession(how);
  return {
    session,
    socket,
    checker,
    sentAgain,
    messages: heard.messages,
    waitForMessage: heard.waitForMessage,
    end: async (timeoutMs = 60_000) => {
      await session.end({ timeoutMs });
      return checker.finish();
    },
    [Symbol.asyncDispose]: () => session.close(),
  };
}
