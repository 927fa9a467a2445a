import { z } from "zod";
import type { Db } from "#db/connect.ts";
import { Problem } from "#errors.ts";
import type { Caller, Door, PressCall, SubmitCall } from "#slack/replies.ts";
import { fieldFaults } from "./draft-faults.ts";
import {
  ADD_WORDS,
  NOT_FIXED,
  notFixedModal,
  RATE,
  thanksFor,
  wordsModal,
} from "./ending-views.ts";
import { rate } from "./rate.ts";
import { mustBeRequester } from "./requester.ts";
import { takeStep } from "./step.ts";
import { findTicket, type Ticket } from "./store.ts";
import type { Score } from "./store-ending.ts";
import { nextStatus, RatingWords, readRef } from "./ticket.ts";
import { STEP_BUTTON } from "./views.ts";

type Needs = { db: Db };

const Scored = z.enum(["good", "bad"]);
const Words = z.object({ words: RatingWords });

/** The requester says whether it is fixed, and when it is, how the help was. */
export function registerEnding(door: Door, needs: Needs): void {
  const { db } = needs;
  door.press(STEP_BUTTON.close, (call) => close(call, needs));
  door.press(NOT_FIXED, (call) => openNotFixed(call, needs));
  for (const score of Scored.options) {
    door.press(RATE[score], (call) => press(call, needs, score));
  }
  door.press(ADD_WORDS, async (call) => {
    const ticket = await ownTicket(db, call.caller, call.value);
    const score = scoreIn(call.value);
    await call.open((texts) => wordsModal(texts, ticket, score));
  });
  door.submit(ADD_WORDS, (call) => submitWords(call, needs));
}

async function close({ caller, key, value }: PressCall, { db }: Needs): Promise<void> {
  await ownTicket(db, caller, value);
  await takeStep(db, readRef(value), {
    step: "close",
    by: { kind: "requester", userId: caller.userId, name: caller.name },
    delivery: { source: "slack.press", key },
  });
}

async function openNotFixed(call: PressCall, { db }: Needs): Promise<void> {
  const ticket = await ownTicket(db, call.caller, call.value);
  nextStatus("inform", ticket); // what is closed stays closed
  await call.open((texts) => notFixedModal(texts, ticket));
}

async function press(call: PressCall, { db }: Needs, score: Score): Promise<void> {
  const { caller, key, value, answer } = call;
  const ticket = await ownTicket(db, caller, value);
  await rate(db, ticket, { score, delivery: { source: "slack.press", key } });
  await answer(thanksFor(caller.texts, ticket, score));
}

async function submitWords(call: SubmitCall, { db }: Needs): Promise<void> {
  const { caller, key, values, metadata } = call;
  const read = Words.safeParse(values);
  if (!read.success) return call.refuse(fieldFaults(caller.texts, read.error));
  const ticket = await ownTicket(db, caller, metadata);
  const delivery = { source: "slack.view", key } as const;
  await rate(db, ticket, { score: scoreIn(metadata), words: read.data.words, delivery });
  await call.close();
}

async function ownTicket(db: Db, caller: Caller, value: string): Promise<Ticket> {
  const ticket = await findTicket(db, readRef(value));
  mustBeRequester(ticket, caller);
  return ticket;
}

function scoreIn(value: string): Score {
  const score = Scored.safeParse(value.split("/")[2]);
  if (!score.success) throw new Problem("ticket-not-found", {});
  return score.data;
}
