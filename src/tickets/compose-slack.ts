import { randomUUID } from "node:crypto";
import { z } from "zod";
import { type AgentsChannel, mustBeAgent, type PolicyNow } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import { Problem } from "#errors.ts";
import type { Channels } from "#slack/channels.ts";
import type { Files } from "#slack/files.ts";
import type { Values } from "#slack/payloads.ts";
import type { People } from "#slack/people.ts";
import type { Caller, ChangeCall, Door, PressCall, SubmitCall } from "#slack/replies.ts";
import type { Texts } from "#text/texts.ts";
import { letGo, sendNow } from "./compose.ts";
import { chosenFiles } from "./compose-files.ts";
import {
  BODY,
  CHOOSE_CANNED,
  COMPOSED,
  type Composed,
  type Composing,
  composerModal,
  EDIT_COMMENT,
  filledIn,
  HELPS,
  notSentModal,
  type Preview,
  previewModal,
  REMOVE_FILES,
  SEND_COMMENT,
  SEND_NOW,
  sendingModal,
  sentModal,
  sorryModal,
  UNDO_COMMENT,
} from "./compose-views.ts";
import { fieldFaults } from "./draft-faults.ts";
import { findRepeatedNote } from "./note-guard.ts";
import { recipientsOf } from "./recipients.ts";
import { findTicket, isInSlack, type Ticket } from "./store.ts";
import {
  findOutgoing,
  type Outgoing,
  type OutgoingRef,
  saveNoFiles,
  saveOutgoing,
  saveUndone,
} from "./store-outgoing.ts";
import { CommentBody, nextStatus, readPart, readRef } from "./ticket.ts";
import { STEP_BUTTON } from "./views.ts";

type Needs = {
  db: Db;
  people: People;
  channels: Channels;
  agentsChannel: AgentsChannel;
  policy: PolicyNow;
  files: Files;
};

const Helps = z.enum(HELPS, "choose");
const Said = z.object({ body: CommentBody, helps: Helps.optional() });
const Offered = Said.extend({ helps: Helps });

/** What an agent says to a customer: written, looked at once more, let go, and for some seconds taken back. */
export function registerCompose(door: Door, needs: Needs): void {
  for (const step of COMPOSED) {
    door.press(STEP_BUTTON[step], (call) => open(call, needs, step));
    door.submit(STEP_BUTTON[step], (call) => preview(call, needs, step));
  }
  door.submit(SEND_COMMENT, (call) => send(call, needs));
  door.change(CHOOSE_CANNED, (call) => orSay(call, () => fillIn(call, needs)));
  door.change(EDIT_COMMENT, (call) => orSay(call, () => edit(call, needs)));
  door.change(REMOVE_FILES, (call) => orSay(call, () => removeFiles(call, needs)));
  door.change(UNDO_COMMENT, (call) => orSay(call, () => undo(call, needs)));
  door.change(SEND_NOW, (call) => orSay(call, () => hurry(call, needs)));
}

async function open(call: PressCall, needs: Needs, step: Composed): Promise<void> {
  const { db, people, agentsChannel } = needs;
  const ticket = await findTicket(db, readRef(call.value));
  await mustBeAgent(people, agentsChannel, call.caller);
  nextStatus(step, ticket); // refuses now what would be refused after all the typing
  const composing = { step, canned: needs.policy().replies.canned };
  await call.open(
    (texts) => composerModal(texts, ticket, composing),
    async () => {
      const recipients = await recipientsOf(needs, ticket);
      return (texts) => composerModal(texts, ticket, { ...composing, recipients });
    },
  );
}

async function preview(call: SubmitCall, needs: Needs, step: Composed): Promise<void> {
  const { caller, key, values, metadata } = call;
  const [field, body] = bodyIn(values);
  const written = { ...values, body };
  const read = step === "offer" ? Offered.safeParse(written) : Said.safeParse(written);
  if (!read.success) {
    const { body: fault, ...others } = fieldFaults(caller.texts, read.error);
    return call.refuse({ ...others, ...(fault && { [field]: fault }) });
  }
  const ref = readRef(metadata);
  const ticket = await findTicket(needs.db, ref);
  await mustBeAgent(needs.people, needs.agentsChannel, caller);
  nextStatus(step, ticket);
  const chosen = await chosenFiles(needs.files, caller, isInSlack(ticket) ? values.files : "");
  if ("fault" in chosen) return call.refuse({ files: chosen.fault });
  const outgoing = await saveOutgoing(needs.db, ref, {
    team_id: caller.teamId,
    view_id: key,
    step,
    helps: read.data.helps ?? null,
    body: read.data.body,
    files: chosen.files,
    author_user_id: caller.userId,
    author_name: caller.name,
  });
  if (!outgoing) return call.show(sentModal(caller.texts, ticket)); // an old form, sent once more
  const repeated = await findRepeatedNote(needs.db, ref, outgoing.body);
  await show(call, needs, ticket, { outgoing, repeated });
}

/** Asked again here: between writing and sending, a person may have left the agents, and somebody may have made a note. */
async function send(call: SubmitCall, needs: Needs): Promise<void> {
  const { caller, key, metadata } = call;
  const { db, policy } = needs;
  const { ticket, outgoing, ref } = await mine(needs, caller, metadata);
  nextStatus(outgoing.step, ticket);
  const confirmed = metadata.split("/")[3];
  const repeated = await findRepeatedNote(db, ref, outgoing.body, confirmed);
  if (repeated) return show(call, needs, ticket, { outgoing, repeated });
  const seconds = policy().replies.undo_seconds;
  const { teamId, language } = caller;
  const form = { teamId, viewId: key, language };
  await letGo(db, ref, { undoSeconds: seconds, ...(seconds > 0 && { form }) });
  await call.show(
    seconds > 0
      ? sendingModal(caller.texts, ticket, outgoing, seconds)
      : sentModal(caller.texts, ticket),
  );
}

async function show(
  { caller, show }: SubmitCall,
  needs: Needs,
  ticket: Ticket,
  shown: Omit<Preview, "recipients">,
): Promise<void> {
  const recipients = await recipientsOf(needs, ticket);
  await show(previewModal(caller.texts, ticket, { ...shown, recipients }));
}

/** Behind what was typed already, which is not lost. */
async function fillIn(call: ChangeCall, needs: Needs): Promise<void> {
  const { caller, value, values, metadata, redraw } = call;
  const { canned } = needs.policy().replies;
  const ticket = await findTicket(needs.db, readRef(metadata));
  await mustBeAgent(needs.people, needs.agentsChannel, caller);
  const chosen = canned.find(({ id }) => id === value); // not one that the policy has lost meanwhile
  const step = COMPOSED.find((each) => each === metadata.split("/")[2]) ?? "reply";
  const [, before] = bodyIn(values);
  const text = chosen ? filledIn(chosen, ticket, { agentName: caller.name }) : "";
  const body = [before, text].filter((each) => each.trim() !== "").join("\n");
  const written = { step, body, helps: helpsIn(values) };
  await redraw(
    await composerWith(caller, needs, ticket, { ...written, ...(await keptIn(call, needs)) }),
  );
}

/** What is sent along with what came back into the form. */
async function keptIn({ caller, metadata }: ChangeCall, needs: Needs) {
  const [, , , outgoingId] = metadata.split("/");
  if (!outgoingId) return {};
  const outgoing = await findOutgoing(needs.db, { ...readRef(metadata), outgoingId });
  return outgoing?.author_user_id === caller.userId ? { kept: outgoing } : {};
}

/** Their words stay as they are typed now. */
async function removeFiles({ caller, value, values, redraw }: ChangeCall, needs: Needs) {
  const { ticket, ref } = await mine(needs, caller, value);
  const kept = await saveNoFiles(needs.db, ref);
  if (!kept) return redraw(sentModal(caller.texts, ticket));
  const [, body] = bodyIn(values);
  const written = { step: kept.step, body, helps: helpsIn(values), kept };
  await redraw(await composerWith(caller, needs, ticket, written));
}

function helpsIn(values: Values) {
  return HELPS.find((each) => each === values.helps) ?? null;
}

async function edit({ caller, value, redraw }: ChangeCall, needs: Needs): Promise<void> {
  const { ticket, outgoing } = await mine(needs, caller, value);
  await redraw(
    outgoing.state === "draft"
      ? await composerWith(caller, needs, ticket, { ...outgoing, kept: outgoing })
      : goneModal(caller.texts, ticket, outgoing),
  );
}

async function undo({ caller, value, redraw }: ChangeCall, needs: Needs): Promise<void> {
  const { ticket, outgoing, ref } = await mine(needs, caller, value);
  const undone = await saveUndone(needs.db, ref);
  await redraw(
    undone
      ? await composerWith(caller, needs, ticket, { ...undone, kept: undone })
      : goneModal(caller.texts, ticket, outgoing),
  );
}

async function hurry({ caller, value, redraw }: ChangeCall, needs: Needs): Promise<void> {
  const { ticket, ref } = await mine(needs, caller, value);
  await sendNow(needs.db, ref);
  await redraw(sentModal(caller.texts, ticket));
}

/** It has left the form, for the customer or back to the agents. */
function goneModal(texts: Texts, ticket: Ticket, { state }: Outgoing) {
  return state === "failed" ? notSentModal(texts) : sentModal(texts, ticket);
}

/** With words that take the place of what stood in the form. */
async function composerWith(
  { texts }: Caller,
  needs: Needs,
  ticket: Ticket,
  { step, body, helps, kept }: Pick<Outgoing, "step" | "body" | "helps"> & Pick<Composing, "kept">,
) {
  return composerModal(texts, ticket, {
    ...{ step, helps, kept, typed: body, canned: needs.policy().replies.canned },
    recipients: await recipientsOf(needs, ticket),
    round: randomUUID().slice(0, 8),
  });
}

/** What this agent wrote, and nobody else. */
async function mine(
  { db, people, agentsChannel }: Needs,
  caller: Caller,
  value: string,
): Promise<{ ref: OutgoingRef; ticket: Ticket; outgoing: Outgoing }> {
  await mustBeAgent(people, agentsChannel, caller);
  const ref = { ...readRef(value), outgoingId: readPart(value) };
  const [ticket, outgoing] = [await findTicket(db, ref), await findOutgoing(db, ref)];
  const isTheirs = outgoing?.author_user_id === caller.userId;
  if (!outgoing || !isTheirs) throw new Problem("ticket-not-found", {});
  return { ref, ticket, outgoing };
}

/** A form has no other place for a sentence: nobody shall think that they have undone what they have not. */
async function orSay({ caller, redraw }: ChangeCall, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { texts } = caller;
    const isRefused = error instanceof Problem;
    await redraw(sorryModal(texts, isRefused ? texts.problem(error) : texts.compose.unsure));
    if (!isRefused) throw error;
  }
}

/** Whatever the block of the text is called by now. */
function bodyIn(values: Values): [field: string, body: string] {
  const [field, body] = Object.entries(values).find(([id]) => id.startsWith(BODY)) ?? [BODY, ""];
  return [field, body];
}
