import type { LiveSession } from '../../src/index.ts';
import type { ClientMessage, ServerMessage } from '@parley/protocol';
import { started, startScriptedEdge, timing, type Script, type ScriptedEdge } from '../scripted-edge.ts';

type Peer = Parameters<Script>[1];

/**
 * Runs the first script for the client's first connection, and so on; the last one also serves all later
 * connections.
 */
export function startLiveEdge(...scripts: readonly [Script, ...Script[]]): Promise<ScriptedEdge> {
  const places = new Map<Peer['socket'], number>();
  return startScriptedEdge((message, peer) => {
    if (!places.has(peer.socket)) places.set(peer.socket, places.size);
    const place = Math.min(places.get(peer.socket) ?? 0, scripts.length - 1);
    scripts[place]?.(message, peer);
  });
}

/** A script with one handler per message type; other messages are ignored. */
export function respondTo(answers: {
  [Type in ClientMessage['type']]?: (message: Extract<ClientMessage, { type: Type }>, peer: Peer) => void;
}): Script {
  return (message, peer) => {
    (answers[message.type] as ((message: ClientMessage, peer: Peer) => void) | undefined)?.(message, peer);
  };
}

export const resumed = (fields: Partial<Extract<ServerMessage, { type: 'session.resumed' }>> = {}): ServerMessage => ({
  type: 'session.resumed',
  sessionId: 's1',
  offset: 9000,
  recovered: true,
  accepted: [],
  missing: [],
  resumeToken: 'R2',
  ...fields,
});

export const joined = (offset: number): ServerMessage => ({
  type: 'session.joined',
  sessionId: 's1',
  sourceLanguage: 'en',
  offset,
  recovered: true,
});

export const accepted = (segmentId: number): ServerMessage => ({ type: 'transcript.accepted', segmentId });

export const translated = (segmentId: number, offset: number, text = `[es] ${segmentId}`): ServerMessage => ({
  type: 'translation.final',
  segmentId,
  targetLanguage: 'es',
  text,
  offset,
  cached: false,
  timing,
});

/** What a session in these tests is started with. */
export const sessionOptions = { sourceLanguage: 'en', targetLanguages: ['es'], backoff: { firstMs: 1, maxMs: 10 } };

/** An edge that startsSessions sessions and sends nothing else. */
export const startsSessions = respondTo({ 'session.start': (_message, { send }) => send(started) });

/** Resolves with the error of the `closed` event. */
export function closedOf(live: LiveSession): Promise<Error | undefined> {
  return new Promise((resolve) => live.on('closed', resolve));
}
