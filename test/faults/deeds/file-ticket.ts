import { FACTS } from "../../support/ticket-walk.ts";
import { isFiled } from "../people/effects.ts";
import { type Came, judge } from "../people/patience.ts";
import { type Person, wordsOf } from "../people/person.ts";
import type { Known, Town } from "../people/town.ts";
import { type Done, doneAs } from "./done.ts";
import { throughForm } from "./through-form.ts";

/** `/ticket`, the form, and its answer. */
export async function fileTicket(
  town: Town,
  { by, channel }: { by: string; channel: string },
): Promise<Done> {
  const { world } = town;
  const token = world.newToken();
  const person = world.person(by);
  const at = Date.now();
  const came = await town.alone([by], () =>
    throughForm(person, {
      open: () => person.command(channel, "/ticket", token),
      submit: () => submitTicket(person),
    }),
  );
  const op = doneAs({ token, deed: "file", by, at }, came);
  if (came.outcome !== "ok" || !came.number) return { op };
  const known: Known = { token, requester: by, number: came.number, status: "new" };
  town.tickets.push(known);
  return { op, isThere: () => isFiled(world, known) };
}

async function submitTicket(person: Person): Promise<Came> {
  const form = await person.modal();
  if (!form) return { outcome: "failed", said: "the form is gone" };
  const isOpen = form.submit !== undefined; // else it was taken, and shows the number
  const came: Came = isOpen ? judge(await person.submit(form, FACTS)) : { outcome: "ok" };
  if (came.outcome !== "ok") return came;
  const shown = await person.modal();
  const number = /DL-\d+/.exec(wordsOf(shown))?.[0];
  if (shown) await person.close(shown);
  return { outcome: "ok", said: wordsOf(shown), ...(number && { number }) };
}
