const HOUR = 60;
const DAY = 24 * HOUR;

/** As exact as people say it: to the minute within two days, then to the day; never less than a minute. */
export function inParts(minutes: number): { days: number; hours: number; rest: number } {
  const whole = Math.max(1, Math.round(minutes));
  if (whole >= 2 * DAY) return { days: Math.round(whole / DAY), hours: 0, rest: 0 };
  return { days: 0, hours: Math.floor(whole / HOUR), rest: whole % HOUR };
}
