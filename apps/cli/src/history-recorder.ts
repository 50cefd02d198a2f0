import { createHistoryChecker, type HistoryCheckerOptions, type HistoryReport } from '@parley/checker';
import type { Client } from '@parley/client';

/** Records every message of a connection for the history checker. Call it before the session starts. */
export function recordHistory(client: Client, options: HistoryCheckerOptions = {}): { finish(): HistoryReport } {
  const checker = createHistoryChecker(options);
  client.on('sent', (message) => {
    checker.sent(message, performance.now());
  });
  client.on('message', (message) => {
    checker.received(message, performance.now());
  });
  return checker;
}
