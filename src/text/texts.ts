import type { Language } from "#db/tables.ts";
import type { Problem, ProblemCode, ProblemFacts } from "#errors.ts";
import { en } from "./en.ts";
import { ja } from "./ja.ts";

export type Words = typeof ja;
export type ProblemWords = { [C in ProblemCode]: (facts: ProblemFacts[C]) => string };

export type Texts = Words & {
  language: Language;
  /** The sentence for a refusal. */
  problem(problem: Problem): string;
  /** A moment with its zone named, e.g. "15 January 2027, 18:00 (JST)". */
  moment(at: Date, timeZone: string): string;
  /** The same in a column whose head names the zone: "15 Jan 18:00"; of another year than now the day, "15 Jan 2026". */
  shortMoment(at: Date, seen: { timeZone: string; now: Date }): string;
};

const all = {
  ja: {
    ...ja,
    language: "ja",
    problem: sentences(ja.problems),
    moment: japaneseMoment,
    shortMoment: shortJapanese,
  },
  en: {
    ...en,
    language: "en",
    problem: sentences(en.problems),
    moment: englishMoment,
    shortMoment: shortEnglish,
  },
} satisfies Record<Language, Texts>;

export function textsOf(language: Language): Texts {
  return all[language];
}

function sentences(problems: ProblemWords) {
  // The code and its facts belong together, which TypeScript cannot follow through the union.
  return (problem: Problem) => problems[problem.code](problem.facts as never);
}

function japaneseMoment(at: Date, zone: string): string {
  const timeZone = knownZone(zone);
  const p = partsOf("ja-JP", at, timeZone);
  return `${p.year}年${p.month}月${p.day}日 ${p.hour}:${p.minute}（${zoneName(at, timeZone)}）`;
}

function englishMoment(at: Date, zone: string): string {
  const timeZone = knownZone(zone);
  const p = partsOf("en-GB", at, timeZone);
  return `${p.day} ${p.month} ${p.year}, ${p.hour}:${p.minute} (${zoneName(at, timeZone)})`;
}

type Seen = { timeZone: string; now: Date };

function shortJapanese(at: Date, { timeZone, now }: Seen): string {
  const zone = knownZone(timeZone);
  const p = partsOf("ja-JP", at, zone);
  const day = `${p.month}/${p.day}`;
  if (p.year !== partsOf("ja-JP", now, zone).year) return `${p.year}/${day}`;
  return `${day} ${p.hour}:${p.minute}`;
}

function shortEnglish(at: Date, { timeZone, now }: Seen): string {
  const zone = knownZone(timeZone);
  const p = partsOf("en-GB", at, zone);
  const day = `${p.day} ${p.month?.slice(0, 3)}`;
  if (p.year !== partsOf("en-GB", now, zone).year) return `${day} ${p.year}`;
  return `${day} ${p.hour}:${p.minute}`;
}

/** Slack may name a zone that is not known here. */
function knownZone(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;
  } catch {
    return "UTC";
  }
}

function partsOf(locale: string, at: Date, timeZone: string): Record<string, string> {
  const format = new Intl.DateTimeFormat(locale, {
    timeZone,
    year: "numeric",
    month: locale === "ja-JP" ? "numeric" : "long",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return Object.fromEntries(
    format.formatToParts(at).map(({ type, value }) => [type, value.replace(/[年月日]$/, "")]),
  );
}

/** What people call it, e.g. "JST". */
export function zoneOf({ timeZone, now }: Seen): string {
  return zoneName(now, knownZone(timeZone));
}

const SHORT_NAMES: Record<string, string> = { "Asia/Tokyo": "JST" }; // Intl says "GMT+9" or "日本標準時"

function zoneName(at: Date, timeZone: string): string {
  const known = SHORT_NAMES[timeZone];
  if (known) return known;
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "short" });
  return format.formatToParts(at).find((part) => part.type === "timeZoneName")?.value ?? timeZone;
}
