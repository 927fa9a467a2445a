/** Connection lost or refused (08, 57P0, ECONN…), too many or no room (53), read-only: it passes, and no job is to blame. */
const AWAY = /^(08...|57P0.|53...|25006|E(CONN|PIPE|HOST|NET|TIMEDOUT|NOTFOUND|AI_).*)$/;
/** What pg says without a code. A query that took too long is not among it: that may be the query's own fault. */
const SAID = /Connection terminated|timeout exceeded when trying to connect/;

/** Whether an error says that the database could not be used just then. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  return AWAY.test(code) || SAID.test(error.message);
}
