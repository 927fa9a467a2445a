import type { Acted } from "#simulator/page/contract.ts";
import { type Came, type Tried, untilItWorks } from "../people/patience.ts";
import type { Person } from "../people/person.ts";

type Form = { open(): Promise<Acted>; submit(): Promise<Came> };

/** The form stays open until it is taken: pressing again is not typing again. */
export async function throughForm(person: Person, { open, submit }: Form): Promise<Tried> {
  const opened = await untilItWorks(async () => ({
    outcome: (await person.formAfter(open)) ? "ok" : "unknown",
  }));
  if (opened.outcome !== "ok") return opened;
  const submitted = await untilItWorks(submit);
  return { ...submitted, tries: opened.tries + submitted.tries - 1 };
}
