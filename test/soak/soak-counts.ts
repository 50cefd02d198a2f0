/** What has happened in a soak run so far. */
export interface SoakCounts {
  sessionsStarted: number;
  sessionsEnded: number;
  /** Sessions whose speaker left without ending them. */
  sessionsAbandoned: number;
  listeners: number;
  /** In all languages, of sessions that were ended. */
  finalsTranslated: number;
  finalsFailed: number;
  partialsShown: number;
  /** Connections of clients that were cut or stalled. */
  clientFaults: number;
  processesKilled: number;
}

export function zeroCounts(): SoakCounts {
  return {
    sessionsStarted: 0,
    sessionsEnded: 0,
    sessionsAbandoned: 0,
    listeners: 0,
    finalsTranslated: 0,
    finalsFailed: 0,
    partialsShown: 0,
    clientFaults: 0,
    processesKilled: 0,
  };
}
