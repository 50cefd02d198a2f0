import { createServer } from 'node:net';

/** The port that was asked for belongs to another process. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';

  constructor(port: number) {
    super(
      `PORT=${port} is taken by another process; stop that one, set another PORT, or leave PORT unset to get a free one`,
    );
  }
}

export const usualEdgePort = 8787;

/**
 * The port for the edge: the one asked for, else the usual one, else 0 (any free one).
 *
 * @throws PortTakenError where a port was asked for and is taken
 */
export async function chooseEdgePort(asked: number | undefined, host: string): Promise<number> {
  const port = asked ?? usualEdgePort;
  if (await isFree(port, host)) return port;
  if (asked !== undefined) throw new PortTakenError(asked);
  return 0;
}

async function isFree(port: number, host: string): Promise<boolean> {
  if (port === 0) return true;
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host, exclusive: true }, resolve);
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
  await new Promise((resolve) => server.close(resolve));
  return true;
}
