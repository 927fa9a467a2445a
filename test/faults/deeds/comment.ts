import type { ModalView } from "#simulator/page/contract.ts";
import {
  cardOf,
  isFileThere,
  isFileWithCustomer,
  isToldEverywhere,
  triageCardOf,
} from "../people/effects.ts";
import { type Came, judge } from "../people/patience.ts";
import type { Person } from "../people/person.ts";
import { AGENT_PEOPLE, type Known, type Town } from "../people/town.ts";
import { chooseFile } from "./choose-file.ts";
import { type Done, doneAs } from "./done.ts";
import { throughForm } from "./through-form.ts";

/** A reply or a question of an agent, with a file or without, or what the requester adds, through its form. */
export async function comment(
  town: Town,
  step: "reply" | "ask" | "inform",
  ticket: Known,
  { hasFile = false } = {},
): Promise<Done> {
  const { world } = town;
  const by = step === "inform" ? ticket.requester : world.plan.random.pick(AGENT_PEOPLE);
  const person = world.person(by);
  const token = world.newToken();
  const at = Date.now();
  const file = hasFile ? await chooseFile(person, world.newToken()) : undefined;
  const written = { body: token, ...(file && { files: [file.id] }) };
  const card = step === "inform" ? cardOf(world, ticket) : triageCardOf(world, ticket);
  const came = await town.alone([by], () =>
    throughForm(person, {
      open: async () => (card ? person.press(card, `ticket.${step}`) : { ok: false }),
      submit: () => submitComment(person, written),
    }),
  );
  const doing = { token, deed: step, by, at, ticket: ticket.token, ...(file && { file }) };
  const op = doneAs(doing, came);
  if (came.outcome !== "ok") return { op };
  ticket.status = step === "ask" ? "pending" : "open";
  if (step !== "inform") ticket.isTaken = true;
  const isThere = () =>
    isToldEverywhere(world, ticket, op) &&
    isFileThere(world, ticket, file) &&
    isFileWithCustomer(world, file);
  return { op, isThere };
}

/** What an agent writes is looked at once more and let go: whichever of these forms stands is gone on with. */
async function submitComment(
  person: Person,
  written: { body: string; files?: string[] },
): Promise<Came> {
  for (;;) {
    const form = await person.modal();
    if (!form) return { outcome: "failed", said: "the form is gone" };
    if (!form.submit) return letGo(person, form);
    const isEmpty = form.blocks.some(({ block_id }) => String(block_id).startsWith("body"));
    const came = judge(await person.submit(form, isEmpty ? written : {}));
    if (came.outcome !== "ok" || !(await person.modal())) return came;
  }
}

/** Not waiting until it cannot be undone; when nobody hears that, it leaves all the same, a little later. */
async function letGo(person: Person, form: ModalView): Promise<Came> {
  await person.pressIn(form, "ticket.send-now");
  await person.close(form);
  return { outcome: "ok" };
}
