import { createHistoryChecker, type HistoryCheckerOptions, type HistoryReport } from '@parley/checker';
import type { Client } from '@parley/client';

/** Tells a checker everything that goes over a connection; to be attached before the session starts. */
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
