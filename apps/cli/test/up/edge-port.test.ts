import { createServer, type AddressInfo } from 'node:net';
import { expect, it } from '@jest/globals';
import { chooseEdgePort, PortTakenError } from '../../src/up/edge-port.ts';

it('uses the requested port, or fails if it is in use', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  await expect(chooseEdgePort(port, '127.0.0.1')).rejects.toThrow(PortTakenError);
  await new Promise((resolve) => other.close(resolve));
  expect(await chooseEdgePort(port, '127.0.0.1')).toBe(port);
});
