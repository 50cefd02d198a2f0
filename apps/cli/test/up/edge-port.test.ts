import { createServer, type AddressInfo } from 'node:net';
import { expect, it } from '@jest/globals';
import { chooseDashboardPort } from '../../src/up/dashboard-port.ts';
import { chooseEdgePort, PortTakenError } from '../../src/up/edge-port.ts';

it('uses the requested port, or fails if it is in use', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  await expect(chooseEdgePort(port, '127.0.0.1')).rejects.toThrow(PortTakenError);
  await new Promise((resolve) => other.close(resolve));
  expect(await chooseEdgePort(port, '127.0.0.1')).toBe(port);
});

it('serves the dashboard on the first free port from 8790, but not on that of the edge', async () => {
  // Another process may use some of them, but not change that in between.
  const port = await chooseDashboardPort('127.0.0.1', 0);
  expect(await chooseDashboardPort('127.0.0.1', 0)).toBe(port);
  const next = await chooseDashboardPort('127.0.0.1', port);
  expect(next).toBeGreaterThan(port);
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  expect(await chooseDashboardPort('127.0.0.1', 0)).toBe(next);
  await new Promise((resolve) => other.close(resolve));
});
