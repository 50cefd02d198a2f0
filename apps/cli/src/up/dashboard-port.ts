import { isFreePort } from './free-port.ts';

export const defaultDashboardPort = 8790;
/** Tried in this order, so that the dashboard of a second `parley up` also keeps its address. */
const ports = Array.from({ length: 10 }, (_, index) => defaultDashboardPort + index);

/**
 * Returns the first free port from 8790 to 8799, or 0 (any free port) if there is none.
 *
 * @param edgePort the port of the edge, which starts later
 */
export async function chooseDashboardPort(host: string, edgePort: number): Promise<number> {
  for (const port of ports) if (port !== edgePort && (await isFreePort(port, host))) return port;
  return 0;
}
