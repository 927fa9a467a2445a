import { DateTime } from "luxon";

export const WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** When the vendor works, in its own time zone. A day without hours, and a holiday, is free. */
export type BusinessHours = {
  time_zone: string;
  /** "09:00-18:00"; "24:00" is the end of the day. */
  week: { [day in (typeof WEEK)[number]]?: string | undefined };
  /** "2026-12-29" */
  holidays: readonly string[];
};

type Span = { from: DateTime; to: DateTime };

const MOST_DAYS = 1500; // four years without an hour of work: the hours are wrong

/** The moment when so many minutes of work have gone by. `hours` undefined: around the clock. */
export function afterWork(
  since: Date,
  minutes: number,
  hours: BusinessHours | undefined,
): Date | undefined {
  if (!hours) return new Date(since.getTime() + minutes * 60_000);
  let left = minutes * 60_000;
  for (const { from, to } of spansSince(since, hours)) {
    const length = to.toMillis() - from.toMillis();
    if (length >= left) return new Date(from.toMillis() + left);
    left -= length;
  }
  return undefined;
}

/** The minutes of work between two moments. */
export function workBetween(since: Date, until: Date, hours: BusinessHours | undefined): number {
  if (until <= since) return 0;
  if (!hours) return (until.getTime() - since.getTime()) / 60_000;
  let sum = 0;
  for (const { from, to } of spansSince(since, hours)) {
    if (from.toMillis() >= until.getTime()) break;
    sum += Math.min(to.toMillis(), until.getTime()) - from.toMillis();
  }
  return sum / 60_000;
}

/** What is worked from that moment on, span by span. Days are those of the zone: one may have 23 or 25 hours. */
function* spansSince(since: Date, hours: BusinessHours): Generator<Span> {
  const start = DateTime.fromJSDate(since, { zone: hours.time_zone });
  const holidays = new Set(hours.holidays);
  for (let n = 0; n < MOST_DAYS; n += 1) {
    const day = start.startOf("day").plus({ days: n });
    const span = holidays.has(day.toISODate() ?? "") ? undefined : spanOf(day, hours);
    if (!span || span.to <= start) continue;
    yield span.from < start ? { from: start, to: span.to } : span;
  }
}

function spanOf(day: DateTime, { week }: BusinessHours): Span | undefined {
  const range = week[WEEK[day.weekday - 1] ?? "sun"];
  const [from, to] = range?.split("-") ?? [];
  return from && to ? { from: at(day, from), to: at(day, to) } : undefined;
}

function at(day: DateTime, time: string): DateTime {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return hour === 24 ? day.plus({ days: 1 }) : day.set({ hour, minute });
}
