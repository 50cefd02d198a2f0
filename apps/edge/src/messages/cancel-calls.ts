import type { CallInFlight } from '@parley/state';
import type { EdgeDependencies } from '../core/dependencies.ts';

/**
 * Tells workers that nobody wants the results of these calls any more. Nobody waits for it: where the message is lost,
 * the renewal of the call's lease tells the same.
 */
export function cancelCalls(
  { cancels, logger }: Pick<EdgeDependencies, 'cancels' | 'logger'>,
  sessionId: string,
  calls: readonly CallInFlight[],
): void {
  cancels.publish(sessionId, calls).catch((error: unknown) => {
    logger.warn({ err: error, sessionId }, 'calls could not be cancelled at once');
  });
}
