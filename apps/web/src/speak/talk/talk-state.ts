import type { Audience, DegradedReason, ServerMessage } from '@parley/client';
import { joinAccessAfter, type JoinAccess } from './join-access.ts';

/**
 * Where a talk is: `ending-unreachable` is to be ended as soon as the server can be reached; `lost` is given up for now, with
 * its state kept; `ended` is over.
 */
export type TalkPhase = 'connecting' | 'live' | 'reconnecting' | 'ending' | 'ending-unreachable' | 'lost' | 'ended';

/** What the page shows of a talk. Immutable, and plain JSON. */
export interface TalkState {
  readonly phase: TalkPhase;
  readonly sourceLanguage: string;
  readonly targetLanguages: readonly string[];
  /** The standing link; empty without one. */
  readonly room: string;
  readonly sessionId: string;
  readonly joinAccess: JoinAccess;
  readonly isPaused: boolean;
  readonly audience: Audience | undefined;
  readonly degraded: readonly DegradedReason[];
  /** Whether a newer talk has taken the standing link. */
  readonly isRoomTaken: boolean;
}

export function newTalkState(choices: Pick<TalkState, 'sourceLanguage' | 'targetLanguages' | 'room'>): TalkState {
  return {
    phase: 'connecting',
    ...choices,
    sessionId: '',
    joinAccess: { joinCode: '', isClosed: false },
    isPaused: false,
    audience: undefined,
    degraded: [],
    isRoomTaken: false,
  };
}

/** The state after a message of the server; the same object if nothing changes. Pure. */
export function stateAfter(before: TalkState, message: ServerMessage): TalkState {
  const joinAccess = joinAccessAfter(before.joinAccess, message);
  const state = joinAccess === before.joinAccess ? before : { ...before, joinAccess };
  switch (message.type) {
    case 'session.started':
      return {
        ...state,
        sessionId: message.sessionId,
        isPaused: false,
        audience: undefined,
        degraded: [],
        isRoomTaken: false,
      };
    case 'session.resumed':
      // What still applies follows.
      return { ...state, audience: undefined, degraded: [] };
    case 'session.paused':
      return { ...state, isPaused: true };
    case 'session.unpaused':
      return { ...state, isPaused: false };
    case 'session.listeners':
      return { ...state, audience: { listeners: message.listeners, languages: message.languages } };
    case 'session.degraded':
      return { ...state, degraded: [...new Set([...state.degraded, message.reason])] };
    case 'session.recovered':
      return { ...state, degraded: state.degraded.filter((reason) => reason !== message.reason) };
    case 'notice':
      return message.code === 'room-taken' ? { ...state, isRoomTaken: true } : state;
    default:
      return state;
  }
}
