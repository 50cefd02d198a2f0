import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  closeCodes,
  errorMessage,
  parseClientMessage,
  streamPath,
  subprotocol,
  type ServerMessage,
  type TranscriptFinal,
  type TranscriptPartial,
} from '@parley/protocol';
import { WebSocketServer, type WebSocket } from 'ws';
import { Speaker, type Said } from './speaker.ts';

/** Handles the transcripts of one session. */
export interface PeerSession {
  partial(said: Said<TranscriptPartial>): void;
  final(said: Said<TranscriptFinal>): void;
  /** Resolves when every final is translated or has failed. */
  finalsDone(): Promise<unknown>;
}

type OpenSession = (speaker: Speaker) => PeerSession;

const maxFrameBytes = 64 * 1024;

/**
 * Serves the part of Parley's protocol that a speaker needs (no resuming, listening or updating) on a free loopback port,
 * and logs `ready` as Parley's processes do.
 */
export async function servePeer(openSession: OpenSession): Promise<void> {
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    path: streamPath,
    maxPayload: maxFrameBytes,
    perMessageDeflate: false,
    handleProtocols: () => subprotocol,
  });
  server.on('connection', (socket) => serveSocket(socket, openSession));
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ msg: 'ready', url: `http://127.0.0.1:${port}` }));
}

function serveSocket(socket: WebSocket, openSession: OpenSession): void {
  const tell = (message: ServerMessage): void => socket.send(JSON.stringify(message));
  let speaker: Speaker | undefined;
  let session: PeerSession | undefined;
  socket.on('error', () => socket.terminate());
  socket.on('close', () => speaker?.leave());
  socket.on('message', (frame: Buffer) => {
    const receivedAtMs = performance.now();
    const parsed = parseClientMessage(frame.toString());
    if (!parsed.ok) {
      tell(parsed.error);
      return;
    }
    const { message } = parsed;
    if (message.type === 'session.start' && session === undefined) {
      speaker = new Speaker(socket, message);
      session = openSession(speaker);
      const ids = { sessionId: randomUUID(), joinCode: randomUUID(), resumeToken: randomUUID() };
      const limits = { maxFrameBytes, maxTextChars: maxFrameBytes, maxTargetLanguages: speaker.targets.length };
      tell({ type: 'session.started', ...ids, offset: 0, limits });
    } else if (speaker === undefined || session === undefined) {
      socket.close(closeCodes.badFirstMessage, 'no session is started');
    } else if (message.type === 'transcript.partial') {
      session.partial({ transcript: message, receivedAtMs });
    } else if (message.type === 'transcript.final') {
      tell({ type: 'transcript.accepted', segmentId: message.segmentId });
      session.final({ transcript: message, receivedAtMs });
    } else if (message.type === 'session.end') {
      void end(speaker, session);
    } else {
      tell(errorMessage('unknown-type', `${message.type} is not served here`, { causedBy: message.id }));
    }
  });
}

async function end(speaker: Speaker, session: PeerSession): Promise<void> {
  await session.finalsDone();
  speaker.send({ type: 'session.ended', usage: { segments: 0, translations: 0, cached: 0, tokens: 0 } });
  speaker.leave();
}
