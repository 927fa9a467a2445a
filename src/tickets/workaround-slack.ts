import { z } from "zod";
import type { Db } from "#db/connect.ts";
import type { Door, PressCall, SubmitCall } from "#slack/replies.ts";
import { fieldFaults } from "./draft-faults.ts";
import { mustBeRequester } from "./requester.ts";
import { takeStep } from "./step.ts";
import { findTicket } from "./store.ts";
import { CommentBody, nextStatus, readPart, readRef } from "./ticket.ts";
import { STEP_BUTTON } from "./views.ts";
import { acceptOffer, disputeOffer, mustBeOpen } from "./workaround.ts";
import { disputeModal } from "./workaround-views.ts";

type Needs = { db: Db };

const Dispute = z.object({ body: CommentBody });

/** To a workaround that an agent has offered, the requester says whether they can go on with it. */
export function registerWorkaround(door: Door, needs: Needs): void {
  door.press(STEP_BUTTON.accept, (call) => accept(call, needs));
  door.press(STEP_BUTTON.dispute, (call) => openDispute(call, needs));
  door.submit(STEP_BUTTON.dispute, (call) => submitDispute(call, needs));
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
  await mustBeOpen(db, ticket, offerId);
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
