import { degradedReasonSchema, type DegradedReason } from '@parley/protocol';
import { logEntrySchema, partialResultSchema, type LogEntry, type PartialResult } from '../log/log-entry.ts';
import { commaSeparated } from '../script/reply.ts';
import { parsePauseState, type PauseState } from '../session/pause-state.ts';

/**
 * A message on a session's channel: a header filled in by scripts, then a JSON body. `l OFFSET PREVIOUS BODY` is a log
 * entry, `p HEAD REVISION BODY` a partial. The others are for the edges: `o CONNECTION SINCE` names a new owner, `w
 * TARGETS` the languages that listeners request now, separated by commas, `d REASON` why the session is degraded,
 * `z PAUSED NUMBER` whether it is paused now, `a EDGE` on which edge the listeners have changed, and `c changed` that the
 * join code may have changed.
 */
export type Envelope =
  | { readonly kind: 'log'; readonly offset: number; readonly previous: number; readonly entry: LogEntry }
  | { readonly kind: 'partial'; readonly head: number; readonly revision: number; readonly partial: PartialResult }
  | { readonly kind: 'owner'; readonly connection: string; readonly ownedSince: string }
  | { readonly kind: 'wanted'; readonly targets: readonly string[] }
  | { readonly kind: 'degraded'; readonly reason: DegradedReason }
  | { readonly kind: 'pause'; readonly pause: PauseState }
  | { readonly kind: 'audience'; readonly edge: string }
  | { readonly kind: 'code' };

/** A channel message that this version can't parse. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError';
}

const notice = /^([aowdzc]) (.*)$/;
const header = /^([lp]) (\d+) (\d+) /;

/** Parses a message of a session's channel. @throws EnvelopeError */
export function parseEnvelope(message: string): Envelope {
  const [, letter, content = ''] = notice.exec(message) ?? [];
  if (letter === 'o') {
    const [connection = '', ownedSince = ''] = content.split(' ');
    return { kind: 'owner', connection, ownedSince };
  }
  if (letter === 'w') return { kind: 'wanted', targets: commaSeparated(content) };
  if (letter === 'c') return { kind: 'code' };
  if (letter === 'd') {
    const reason = degradedReasonSchema.safeParse(content);
    if (!reason.success) throw new EnvelopeError('channel message has an unknown degraded reason');
    return { kind: 'degraded', reason: reason.data };
  }
  if (letter === 'a') return { kind: 'audience', edge: content };
  if (letter === 'z') {
    const [paused, number] = content.split(' ');
    return { kind: 'pause', pause: parsePauseState(paused, number) };
  }
  const match = header.exec(message);
  if (match === null) throw new EnvelopeError('channel message has no valid header');
  const [, kind, first, second] = match;
  try {
    const body: unknown = JSON.parse(message.slice(match[0].length));
    return kind === 'l'
      ? { kind: 'log', offset: Number(first), previous: Number(second), entry: logEntrySchema.parse(body) }
      : { kind: 'partial', head: Number(first), revision: Number(second), partial: partialResultSchema.parse(body) };
  } catch (cause) {
    throw new EnvelopeError('channel message has an invalid body', { cause });
  }
}
