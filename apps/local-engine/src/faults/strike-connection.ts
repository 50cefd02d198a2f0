import type { EngineFaultEffect } from '@parley/config';
import type { FastifyRequest } from 'fastify';
import type { Connections } from './connections.ts';

/** Applies a fault that affects the connection, and then never settles. Returns for any other effect. */
export async function strikeConnection(
  fault: EngineFaultEffect | undefined,
  request: FastifyRequest,
  connections: Connections,
): Promise<void> {
  if (fault === undefined || !('effect' in fault)) return;
  switch (fault.effect) {
    case 'reset':
      connections.reset(request);
      break;
    case 'half-open':
      connections.silence(request);
      break;
    case 'hang':
      break;
    default:
      return;
  }
  await connections.leaveUnanswered(request);
}
