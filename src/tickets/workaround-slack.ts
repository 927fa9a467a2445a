import { z } from "zod";
import { type AgentsChannel, mustBeAgent } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import type { People } from "#slack/people.ts";
import type { Door, PressCall, SubmitCall } from "#slack/replies.ts";
import { fieldFaults } from "./draft-faults.ts";
import { findRepeatedNote } from "./note-guard.ts";
import { confirmedIn } from "./note-views.ts";
import { mustBeRequester } from "./requester.ts";
import { takeStep } from "./step.ts";
import { findTicket } from "./store.ts";
import { CommentBody, nextStatus, readPart, readRef } from "./ticket.ts";
import { STEP_BUTTON } from "./views.ts";
import { acceptOffer, disputeOffer, offerWorkaround } from "./workaround.ts";
import { disputeModal, HELPS, offerModal } from "./workaround-views.ts";

type Needs = { db: Db; people: People; agentsChannel: AgentsChannel };

const Offer = z.object({ body: CommentBody, helps: z.enum(HELPS, "choose") });
const Dispute = z.object({ body: CommentBody });

/** An agent offers a workaround; the requester says whether they can go on with it. */
export function registerWorkaround(door: Door, needs: Needs): void {
  door.press(STEP_BUTTON.offer, (call) => openOffer(call, needs));
  door.submit(STEP_BUTTON.offer, (call) => submitOffer(call, needs));
  door.press(STEP_BUTTON.accept, (call) => accept(call, needs));
  door.press(STEP_BUTTON.dispute, (call) => openDispute(call, needs));
  door.submit(STEP_BUTTON.dispute, (call) => submitDispute(call, needs));
}

async function openOffer(call: PressCall, { db, people, agentsChannel }: Needs): Promise<void> {
  const ticket = await findTicket(db, readRef(call.value));
  await mustBeAgent(people, agentsChannel, call.caller);
  nextStatus("offer", ticket);
  await call.open((texts) => offerModal(texts, ticket));
}

async function submitOffer(call: SubmitCall, needs: Needs): Promise<void> {
  const { caller, key, values, metadata } = call;
  const { db, people, agentsChannel } = needs;
  const read = Offer.safeParse(values);
  if (!read.success) return call.refuse(fieldFaults(caller.texts, read.error));
  const ref = readRef(metadata);
  await mustBeAgent(people, agentsChannel, caller);
  const { body: typed, helps } = read.data;
  const repeated = await findRepeatedNote(db, ref, typed, confirmedIn(metadata));
  if (repeated) {
    const repeating = { typed, helps, repeated };
    return call.show(offerModal(caller.texts, await findTicket(db, ref), repeating));
  }
  await takeStep(db, ref, {
    step: "offer",
    by: { kind: "agent", userId: caller.userId, name: caller.name },
    body: typed,
    delivery: { source: "slack.view", key },
    also: offerWorkaround(helps),
  });
  await call.close();
}

async function accept({ caller, key, value }: PressCall, { db }: Needs): Promise<void> {
  const ref = readRef(value);
  mustBeRequester(await findTicket(db, ref), caller);
  await takeStep(db, ref, {
    step: "accept",
    by: { kind: "requester", userId: caller.userId, name: caller.name },
    delivery: { source: "slack.press", key },
    also: acceptOffer(readPart(value)),
  });
}

async function openDispute(call: PressCall, { db }: Needs): Promise<void> {
  const ticket = await findTicket(db, readRef(call.value));
  mustBeRequester(ticket, call.caller);
  nextStatus("dispute", ticket);
  const offerId = readPart(call.value);
  await call.open((texts) => disputeModal(texts, ticket, offerId));
}

async function submitDispute(call: SubmitCall, { db }: Needs): Promise<void> {
  const { caller, key, values, metadata } = call;
  const read = Dispute.safeParse(values);
  if (!read.success) return call.refuse(fieldFaults(caller.texts, read.error));
  const ref = readRef(metadata);
  mustBeRequester(await findTicket(db, ref), caller);
  await takeStep(db, ref, {
    step: "dispute",
    by: { kind: "requester", userId: caller.userId, name: caller.name },
    body: read.data.body,
    delivery: { source: "slack.view", key },
    also: disputeOffer(readPart(metadata)),
  });
  await call.close();
}
