import { createServer } from 'node:net';

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
