import { isFreePort } from './free-port.ts';

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
  if (await isFreePort(port, host)) return port;
  if (asked !== undefined) throw new PortTakenError(asked);
  return 0;
}
