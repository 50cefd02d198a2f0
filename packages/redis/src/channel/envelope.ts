import { degradedReasonSchema, type DegradedReason } from '@parley/protocol';
import { logEntrySchema, partialResultSchema, type LogEntry, type PartialResult } from '../log/log-entry.ts';
import { commaSeparated } from '../script/reply.ts';

/**
 * What travels on a session's channel: a header of numbers that scripts fill in, then a JSON body.
 * `l OFFSET PREVIOUS BODY` is an entry of the log, `p HEAD REVISION BODY` a partial. Three more are for the edges
 * themselves: `o CONNECTION SINCE` names a new owner, `w TARGETS` the languages that listeners want now, separated by commas,
 * `d REASON` says that the session gets less than it could just now.
 */
export type Envelope =
  | { readonly kind: 'log'; readonly offset: number; readonly previous: number; readonly entry: LogEntry }
  | { readonly kind: 'partial'; readonly head: number; readonly revision: number; readonly partial: PartialResult }
  | { readonly kind: 'owner'; readonly connection: string; readonly ownedSince: string }
  | { readonly kind: 'wanted'; readonly targets: readonly string[] }
  | { readonly kind: 'degraded'; readonly reason: DegradedReason };

/** A message on a session's channel that this version can't read. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError';
}

const notice = /^([owd]) (.*)$/;
const header = /^([lp]) (\d+) (\d+) /;

/** Reads one message of a session's channel. @throws EnvelopeError */
export function parseEnvelope(message: string): Envelope {
  const [, what, said = ''] = notice.exec(message) ?? [];
  if (what === 'o') {
    const [connection = '', ownedSince = ''] = said.split(' ');
    return { kind: 'owner', connection, ownedSince };
  }
  if (what === 'w') return { kind: 'wanted', targets: commaSeparated(said) };
  if (what === 'd') {
    const reason = degradedReasonSchema.safeParse(said);
    if (!reason.success) throw new EnvelopeError('a channel message names an unknown reason');
    return { kind: 'degraded', reason: reason.data };
  }
  const match = header.exec(message);
  if (match === null) throw new EnvelopeError('a channel message has no header');
  const [, kind, first, second] = match;
  try {
    const body: unknown = JSON.parse(message.slice(match[0].length));
    return kind === 'l'
      ? { kind: 'log', offset: Number(first), previous: Number(second), entry: logEntrySchema.parse(body) }
      : { kind: 'partial', head: Number(first), revision: Number(second), partial: partialResultSchema.parse(body) };
  } catch (cause) {
    throw new EnvelopeError('a channel message has a body of another version', { cause });
  }
}
