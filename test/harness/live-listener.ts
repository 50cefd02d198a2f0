import { createListenerChecker, type ListenerCheckerOptions, type Violation } from '@parley/checker';
import { joinLive, type Listener, type ListenerOptions } from '@parley/client';
import { MessageLog } from './message-log.ts';
import { quickBackoff, urlsOf, type Edges } from './live-edges.ts';
import type { LiveSpeaker } from './live-speaker.ts';
import { tapSocket, type TappedSocket } from './tapped-socket.ts';

/** A listener that reconnects as needed; the messages of all its connections are checked. */
export interface LiveListener extends AsyncDisposable, Pick<MessageLog, 'messages' | 'waitForMessage'> {
  readonly listening: Listener;
  /** Its handles cut and stall the connection of the moment. */
  readonly socket: TappedSocket;
  /** Checks the received messages against the host's transcripts; to be called once, when both have received everything. */
  judge(host: Pick<LiveSpeaker, 'checker'>): readonly Violation[];
}

type LiveListenerOptions = Omit<ListenerOptions, 'urls' | 'openSocket' | 'onMessage'>;

export async function startLiveListener(
  edges: Edges,
  options: LiveListenerOptions,
  checkerOptions: ListenerCheckerOptions = {},
): Promise<LiveListener> {
  const checker = createListenerChecker(checkerOptions);
  const socket = tapSocket(checker);
  const heard = new MessageLog();
  const { openSocket } = socket;
  const how = { backoff: quickBackoff, ...options, urls: urlsOf(edges), openSocket, onMessage: heard.add };
  const listening = await joinLive(how);
  return {
    listening,
    socket,
    messages: heard.messages,
    waitForMessage: heard.waitForMessage,
    judge: (host) => {
      const { sessionId } = listening.joined;
      const spoken = host.checker.hostSession(sessionId);
      if (spoken === undefined) throw new Error('the host did not start the session of this listener');
      return checker.finish(spoken);
    },
    [Symbol.asyncDispose]: () => listening.close(),
  };
}
