import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Language, World } from "./contract.ts";
import type { State } from "./store.ts";
import type { Words } from "./words.ts";

/** What every part of the page may look at. */
export type Page = { state: State; world: World; language: Language; words: Words };

export const PageContext = createContext<Page | undefined>(undefined);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error("outside of the page");
  return page;
}
