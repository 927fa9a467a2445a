import type { Typed } from "#simulator/fill.ts";
import { FACTS } from "../../support/ticket-walk.ts";
import { isContactAsked, isFiled, isFileThere } from "../people/effects.ts";
import { type Came, judge } from "../people/patience.ts";
import { type Person, wordsOf } from "../people/person.ts";
import type { Known, Town } from "../people/town.ts";
import { chooseFile } from "./choose-file.ts";
import { type Done, doneAs } from "./done.ts";
import { throughForm } from "./through-form.ts";

type Filing = { by: string; channel: string; isUrgent?: boolean; hasFile?: boolean };
type Answers = Record<string, Typed>;

/** `/ticket`, the form, and its answer. Who files something urgent names themselves as the contact, and is asked. */
export async function fileTicket(
  town: Town,
  { by, channel, isUrgent = false, hasFile = false }: Filing,
): Promise<Done> {
  const { world } = town;
  const token = world.newToken();
  const person = world.person(by);
  const at = Date.now();
  const file = hasFile ? await chooseFile(person, world.newToken()) : undefined;
  const answers = { ...(isUrgent ? urgentBy(by) : FACTS), ...(file && { files: [file.id] }) };
  const came = await town.alone([by], () =>
    throughForm(person, {
      open: () => person.command(channel, "/ticket", token),
      submit: () => submitTicket(person, answers),
    }),
  );
  const op = doneAs({ token, deed: "file", by, at, ...(file && { file }) }, came);
  if (came.outcome !== "ok" || !came.number) return { op };
  const known: Known = { token, requester: by, number: came.number, status: "new" };
  town.tickets.push(known);
  const isThere = () =>
    isFiled(world, known) &&
    (!isUrgent || isContactAsked(world, known)) &&
    isFileThere(world, known, file);
  return { op, isThere };
}

function urgentBy(contact: string) {
  return { ...FACTS, priority: "urgent", why: "Nobody can work.", contact };
}

/** A form that lacks what a priority needs comes back with it. */
async function submitTicket(person: Person, answers: Answers): Promise<Came> {
  const form = await person.modal();
  if (!form) return { outcome: "failed", said: "the form is gone" };
  const isOpen = form.submit !== undefined; // else it was taken, and shows the number
  const fields = form.blocks.map((block) => block.block_id ?? "");
  const given = Object.entries(answers).filter(([field]) => fields.includes(field));
  const came: Came = isOpen
    ? judge(await person.submit(form, Object.fromEntries(given)))
    : { outcome: "ok" };
  if (came.outcome !== "ok") return came;
  const shown = await person.modal();
  if (shown?.submit !== undefined && given.length < Object.keys(answers).length)
    return submitTicket(person, answers);
  const number = /DL-\d+/.exec(wordsOf(shown))?.[0];
  if (shown) await person.close(shown);
  return { outcome: "ok", said: wordsOf(shown), ...(number && { number }) };
}
