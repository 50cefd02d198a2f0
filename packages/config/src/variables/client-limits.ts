import { integer, type Variable } from '../variable.ts';

/** The limits that an edge enforces on clients. */
export const clientLimits = {
  MAX_FRAME_BYTES: integer(
    { min: 1024, max: 64 * 1024 * 1024, fallback: 256 * 1024 },
    { description: 'The maximum size of a WebSocket frame from a client, in bytes.', readBy: ['up', 'edge'] },
  ),
  MAX_TEXT_CHARS: integer(
    { min: 1, max: 1_000_000, fallback: 10_000 },
    { description: 'The maximum length of one transcript, in UTF-16 code units.', readBy: ['up', 'edge'] },
  ),
  MAX_OPEN_SEGMENTS: integer(
    { min: 1, max: 1000, fallback: 32 },
    {
      description:
        'The maximum number of open segments per session; when another one is opened, an open one is evicted.',
      readBy: ['up', 'edge'],
    },
  ),
  MAX_OUTSTANDING_BYTES_PER_SESSION: integer(
    { min: 64 * 1024, max: 1024 * 1024 * 1024, fallback: 4 * 1024 * 1024 },
    {
      description:
        'How much of a session may wait for its translation, in bytes: each final counts the size of its text and 1 KiB, once for each of its targets.',
      readBy: ['up', 'edge'],
    },
  ),
  MAX_OUTSTANDING_BYTES_PER_TENANT: integer(
    { min: 64 * 1024, max: 1024 * 1024 * 1024, fallback: 64 * 1024 * 1024 },
    {
      description:
        'How much of all sessions of a tenant may wait for its translation, in bytes, over all edges. Each session reserves 32 KiB of it, and the size of its options.',
      readBy: ['up', 'edge'],
    },
  ),
  SESSION_GRACE_MS: integer(
    { min: 0, max: 86_400_000, fallback: 60_000 },
    {
      description:
        'How long a session is kept after its socket is lost, in milliseconds. Until then its client can resume it on any edge.',
      readBy: ['up', 'edge'],
    },
  ),
  TRANSCRIPT_RETENTION_MINUTES: integer(
    { min: 0, max: 43_200, fallback: 60 },
    {
      description:
        'How long the transcript of a session can be downloaded after its end, in minutes; 0: no transcripts are kept.',
      readBy: ['up', 'edge'],
    },
  ),
  TRANSCRIPT_MAX_BYTES: integer(
    { min: 64 * 1024, max: 256 * 1024 * 1024, fallback: 8 * 1024 * 1024 },
    {
      description:
        'The maximum size of the transcript of a session in all languages, in bytes; beyond it, the oldest lines are removed.',
      readBy: ['up', 'edge'],
    },
  ),
  TRANSCRIPTS_MAX_BYTES_PER_TENANT: integer(
    { min: 64 * 1024, max: 64 * 1024 * 1024 * 1024, fallback: 96 * 1024 * 1024 },
    {
      description:
        'The maximum size of the transcripts of all ended sessions of a tenant, in bytes; beyond it, the transcripts of the sessions that ended first are removed. Each counts at least 16 KiB.',
      readBy: ['up', 'edge'],
    },
  ),
  MAX_UNREAD_BYTES: integer(
    { min: 128 * 1024, max: 1024 * 1024 * 1024, fallback: 1024 * 1024 },
    {
      description: 'How many bytes may be buffered for a client that reads slowly before its connection is closed.',
      readBy: ['up', 'edge'],
    },
  ),
  MAX_BUFFERED_BYTES: integer(
    { min: 1024 * 1024, max: 64 * 1024 * 1024 * 1024, fallback: 128 * 1024 * 1024 },
    {
      description:
        'How many bytes an edge buffers for all of its clients together: unfinished and waiting messages, and what clients have not read. Beyond it, the connection with the most is closed.',
      readBy: ['up', 'edge'],
    },
  ),
  MAX_HTTP_CONNECTIONS: integer(
    { min: 10, max: 1_000_000, fallback: 2000 },
    {
      description:
        'The maximum number of open HTTP connections of an edge, without WebSockets and event streams. Beyond it, idle ones are closed.',
      readBy: ['up', 'edge'],
    },
  ),
  MAX_HTTP_CONNECTIONS_PER_ADDRESS: integer(
    { min: 10, max: 1_000_000, fallback: 500 },
    {
      description:
        'The maximum number of these connections from one address; connections of `TRUSTED_PROXIES` count for their clients during a request.',
      readBy: ['up', 'edge'],
    },
  ),
  MAX_FRAMES_PER_SECOND: integer(
    { min: 1, max: 100_000, fallback: 100 },
    { description: 'The sustained number of frames per second that a connection may send.', readBy: ['up', 'edge'] },
  ),
  MAX_FRAME_BURST: integer(
    { min: 1, max: 100_000, fallback: 1000 },
    { description: 'The number of frames that a connection may send in one burst.', readBy: ['up', 'edge'] },
  ),
  MAX_SESSIONS_PER_TENANT: integer(
    { min: 0, max: 1_000_000, fallback: 1000 },
    {
      description: 'The maximum number of concurrent sessions per tenant, over all edges; 0: unlimited.',
      readBy: ['up', 'edge'],
    },
  ),
  MAX_SOCKETS_PER_TENANT: integer(
    { min: 0, max: 1_000_000, fallback: 10_000 },
    {
      description:
        'The maximum number of concurrent sockets per tenant, over all edges; 0: unlimited. Listeners with a join code are counted apart.',
      readBy: ['up', 'edge'],
    },
  ),
  MAX_LISTENERS_PER_TENANT: integer(
    { min: 0, max: 1_000_000, fallback: 10_000 },
    {
      description:
        'The maximum number of concurrent listeners with a join code or a token to listen per tenant, over all edges; 0: unlimited.',
      readBy: ['up', 'edge'],
    },
  ),
  MAX_LISTENERS_PER_SESSION: integer(
    { min: 0, max: 1_000_000, fallback: 5000 },
    {
      description:
        'The maximum number of concurrent listeners with a join code or a token to listen per session, over all edges; 0: unlimited.',
      readBy: ['up', 'edge'],
    },
  ),
} as const satisfies Record<string, Variable>;
