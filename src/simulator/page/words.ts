import type { Language } from "./contract.ts";
import { current, type State } from "./store.ts";
import { en, type Words } from "./words-en.ts";
import { ja } from "./words-ja.ts";

export type { Words };

const words = { en, ja } satisfies Record<Language, Words>;

/** The language chosen by hand, else the acting person's, else the browser's. */
export function languageOf({ address, world }: Pick<State, "address" | "world">): Language {
  if (address.language) return address.language;
  const locale = world?.me.locale ?? navigator.language;
  return locale.startsWith("ja") ? "ja" : "en";
}

export function wordsFor(language: Language): Words {
  return words[language];
}

export function wordsNow(): Words {
  return wordsFor(languageOf(current()));
}
