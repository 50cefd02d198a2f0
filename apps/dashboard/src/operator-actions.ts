/**
 * What an operator may change: retry failed jobs, and remove jobs that have ended or single ones. Everything else of the board,
 * such as pausing a queue or editing a job, could only do harm. A removed job whose work is not done is added again. For the router,
 * a path ends at `#`, so no allowed one may contain it: `obliterate#/retry` obliterates.
 */
const allowed = /^\/api\/queues\/[^/#]+\/(?:retry\/failed|clean\/(?:completed|failed)|[^/#]+\/(?:retry|clean))$/;

/** Whether an operator may make this request. @param path of the board, without its prefix and a query */
export function isOperatorAction(method: string, path: string): boolean {
  return method === 'PUT' && allowed.test(path);
}
