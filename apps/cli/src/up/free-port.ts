import { createServer } from 'node:net';
import { ChildError } from '../machine/child.ts';

/**
 * Whether a process could not start because another one took its port after it was found free. It may be free again at once:
 * another start, which looks for a port too, occupies those that it tries for a moment.
 *
 * @param error why the process did not start, with its last lines
 */
export function saysPortInUse(error: unknown): boolean {
  return error instanceof ChildError && error.message.includes('EADDRINUSE');
}

/**
 * Whether nothing listens on this port; always true for 0, any free port.
 *
 * @throws the error of listening, unless the port is in use
 */
export async function isFreePort(port: number, host: string): Promise<boolean> {
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
