import type { Language } from "./contract.ts";

/** What the URL's hash holds, so that each browser tab can be another person. */
export type Address = {
  as: string | undefined;
  /** Only when chosen by hand; else the acting person's language. */
  language: Language | undefined;
  /** A channel's id, or "home". */
  place: string | undefined;
  /** The open thread's first message. */
  thread: string | undefined;
};

export function readAddress(hash: string): Address {
  const found = new URLSearchParams(hash.replace(/^#/, ""));
  const language = found.get("lang");
  return {
    as: found.get("as") ?? undefined,
    language: language === "ja" || language === "en" ? language : undefined,
    place: found.get("in") ?? undefined,
    thread: found.get("thread") ?? undefined,
  };
}

export function addressHash({ as, language, place, thread }: Address): string {
  const parts = Object.entries({ as, lang: language, in: place, thread }).filter(
    (part): part is [string, string] => part[1] !== undefined,
  );
  return `#${new URLSearchParams(parts)}`;
}
