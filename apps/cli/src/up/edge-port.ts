import { createServer } from 'node:net';

/** The requested port is in use. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';

  constructor(port: number) {
    super(
      `PORT=${port} is in use by another process; stop that process, set another PORT, or leave PORT unset to use a free one`,
    );
  }
}

export const defaultEdgePort = 8787;

/**
 * Returns the port for the edge: the requested one, else the default, else 0 (any free port).
 *
 * @throws PortTakenError if the requested port is in use
 */
export async function chooseEdgePort(asked: number | undefined, host: string): Promise<number> {
  const port = asked ?? defaultEdgePort;
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
