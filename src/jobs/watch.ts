/**
 * Milliseconds since now, by the clock that says more: one stands still while a machine sleeps, the other may be set
 * back.
 */
export function startWatch(): () => number {
  const [steady, wall] = [performance.now(), Date.now()];
  return () => Math.max(performance.now() - steady, Date.now() - wall);
}
