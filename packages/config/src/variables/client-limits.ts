import { integer, type Variable } from '../variable.ts';

/** What an edge lets clients do. */
export const clientLimits = {
  MAX_FRAME_BYTES: integer(
    { min: 1024, max: 64 * 1024 * 1024, fallback: 256 * 1024 },
    { description: 'The largest WebSocket frame that a client may send.', readBy: ['up', 'edge'] },
  ),
  MAX_TEXT_CHARS: integer(
    { min: 1, max: 1_000_000, fallback: 10_000 },
    { description: 'The longest text of one transcript, in UTF-16 units.', readBy: ['up', 'edge'] },
  ),
  MAX_OPEN_SEGMENTS: integer(
    { min: 1, max: 1000, fallback: 32 },
    {
      description: 'How many segments of a session may be open at once; the next one takes the place of another.',
      readBy: ['up', 'edge'],
    },
  ),
  SESSION_GRACE_MS: integer(
    { min: 0, max: 86_400_000, fallback: 60_000 },
    {
      description: 'How long a session outlives its socket: so long its client may come back, to any edge.',
      readBy: ['up', 'edge'],
    },
  ),
  MAX_UNREAD_BYTES: integer(
    { min: 128 * 1024, max: 1024 * 1024 * 1024, fallback: 1024 * 1024 },
    { description: 'How much a client may leave unread before it is closed as too slow.', readBy: ['up', 'edge'] },
  ),
  MAX_FRAMES_PER_SECOND: integer(
    { min: 1, max: 100_000, fallback: 100 },
    { description: 'How many frames a second a connection may send in the long run.', readBy: ['up', 'edge'] },
  ),
  MAX_FRAME_BURST: integer(
    { min: 1, max: 100_000, fallback: 1000 },
    { description: 'How many frames a connection may send at once after it was quiet.', readBy: ['up', 'edge'] },
  ),
  MAX_SESSIONS_PER_TENANT: integer(
    { min: 0, max: 1_000_000, fallback: 1000 },
    {
      description: 'How many sessions a tenant may have at once over all edges; 0: any number.',
      readBy: ['up', 'edge'],
    },
  ),
  MAX_SOCKETS_PER_TENANT: integer(
    { min: 0, max: 1_000_000, fallback: 10_000 },
    {
      description: 'How many sockets a tenant may have at once over all edges; 0: any number.',
      readBy: ['up', 'edge'],
    },
  ),
} as const satisfies Record<string, Variable>;
