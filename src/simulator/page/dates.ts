import type { Language } from "./contract.ts";

const tags = { ja: "ja-JP", en: "en-GB" } satisfies Record<Language, string>;

/** A message's ts is seconds with a fraction that only makes it unique. */
export function dateOfTs(ts: string): Date {
  return new Date(Number.parseFloat(ts) * 1000);
}

export function clock(date: Date, language: Language): string {
  return date.toLocaleTimeString(tags[language], { hour: "2-digit", minute: "2-digit" });
}

export function fullDate(date: Date, language: Language): string {
  return date.toLocaleString(tags[language], { dateStyle: "long", timeStyle: "short" });
}

export function dayName(date: Date, language: Language): string {
  return date.toLocaleDateString(tags[language], {
    weekday: "long",
    day: "numeric",
    month: "long",
  });
}

export function isSameDay(one: Date, other: Date): boolean {
  return one.toDateString() === other.toDateString();
}

const styles: Record<string, Intl.DateTimeFormatOptions> = {
  date: { dateStyle: "long" },
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date_short: { dateStyle: "medium" },
  date_long: { dateStyle: "full" },
  date_pretty: { dateStyle: "long" },
  date_short_pretty: { dateStyle: "medium" },
  date_long_pretty: { dateStyle: "full" },
  time: { hour: "2-digit", minute: "2-digit" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};

/** Slack's <!date^…^format|…>: the words in braces are replaced, all else stays. */
export function formatDate(
  seconds: number,
  format: string,
  language: Language,
): string | undefined {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return undefined;
  return format.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const style = Object.hasOwn(styles, name) ? styles[name] : undefined;
    return style ? date.toLocaleString(tags[language], style) : whole;
  });
}
