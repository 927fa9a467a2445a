import type { z } from "zod";
import { type AgentsChannel, mustBeAgent, type PolicyNow } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import type { FindInstallation } from "#slack/installation.ts";
import { type Messenger, settleMarked } from "#slack/messenger.ts";
import type { People, PersonAddress } from "#slack/people.ts";
import type { Door, PressCall, SubmitCall } from "#slack/replies.ts";
import type { Texts } from "#text/texts.ts";
import { registerContact } from "./contact-slack.ts";
import { registerDigest } from "./digest-slack.ts";
import { registerFacts } from "./facts-slack.ts";
import { commentModal } from "./forms.ts";
import { registerFromMessage } from "./from-message-slack.ts";
import { registerList } from "./list-slack.ts";
import { registerNewTicket } from "./new-ticket-slack.ts";
import { takeNote } from "./note.ts";
import { findRepeatedNote } from "./note-guard.ts";
import { confirmedIn } from "./note-views.ts";
import { rememberPlans } from "./plan-memory.ts";
import { mustBeRequester } from "./requester.ts";
import { takeStep } from "./step.ts";
import { registerStep } from "./step-run.ts";
import { findTicket, type Ticket } from "./store.ts";
import { takeThreadReply } from "./thread-reply.ts";
import { CommentBody, type FieldFault, nextStatus, readRef, type Step } from "./ticket.ts";
import { STEP_BUTTON } from "./views.ts";
import { registerWorkaround } from "./workaround-slack.ts";

type Needs = {
  db: Db;
  people: People;
  agentsChannel: AgentsChannel;
  findInstallation: FindInstallation;
  policy: PolicyNow;
  messenger: Messenger;
};

export function registerTickets(door: Door, needs: Needs): void {
  const forms = { ...needs, plans: rememberPlans(needs.db) };
  registerNewTicket(door, forms);
  registerFromMessage(door, forms);
  registerStep(door, needs);
  for (const step of ["take", "solve", "reopen"] as const) {
    door.press(STEP_BUTTON[step], (call) => pressStep(call, needs, step));
  }
  for (const step of ["reply", "ask", "inform"] as const) {
    door.press(STEP_BUTTON[step], (call) => openComment(call, needs, step));
    door.submit(STEP_BUTTON[step], (call) => submitComment(call, needs, step));
  }
  door.event("message", async ({ teamId, event }) => {
    const own = await needs.findInstallation(teamId);
    await settleMarked(needs.db, event, own?.botId);
    const heard = { teamId, botUserId: own?.botUserId };
    if (!(await takeThreadReply(needs, heard, event))) await takeNote(needs, heard, event);
  });
  registerList(door, needs);
  registerDigest(door, needs);
  registerContact(door, needs);
  registerWorkaround(door, needs);
  registerFacts(door, needs);
}

async function pressStep(call: PressCall, needs: Needs, step: "take" | "solve" | "reopen") {
  const { caller, key, value } = call;
  const ref = readRef(value);
  await mustMayTake(needs, step, caller, await findTicket(needs.db, ref));
  await takeStep(needs.db, ref, {
    step,
    by: { kind: "agent", userId: caller.userId, name: caller.name },
    delivery: { source: "slack.press", key },
  });
}

async function openComment(call: PressCall, needs: Needs, step: "reply" | "ask" | "inform") {
  const ticket = await findTicket(needs.db, readRef(call.value));
  await mustMayTake(needs, step, call.caller, ticket);
  nextStatus(step, ticket); // refuses now what would be refused after all the typing
  await call.open((texts) => commentModal(texts, step, ticket));
}

/** Asked again here: between opening and sending, a person may have left the agents. */
async function submitComment(call: SubmitCall, needs: Needs, step: "reply" | "ask" | "inform") {
  const { caller, key, values, metadata } = call;
  const body = CommentBody.safeParse(values.body);
  if (!body.success) return call.refuse({ body: firstFault(caller.texts, body.error) });

  const ref = readRef(metadata);
  const ticket = await findTicket(needs.db, ref);
  await mustMayTake(needs, step, caller, ticket);
  if (step !== "inform") {
    const repeated = await findRepeatedNote(needs.db, ref, body.data, confirmedIn(metadata));
    if (repeated)
      return call.show(commentModal(caller.texts, step, ticket, { typed: body.data, repeated }));
  }
  await takeStep(needs.db, ref, {
    step,
    by: {
      kind: step === "inform" ? "requester" : "agent",
      userId: caller.userId,
      name: caller.name,
    },
    body: body.data,
    delivery: { source: "slack.view", key },
  });
  await call.close();
}

async function mustMayTake(
  needs: Needs,
  step: Step,
  who: PersonAddress,
  ticket: Ticket,
): Promise<void> {
  if (step !== "inform") return mustBeAgent(needs.people, needs.agentsChannel, who);
  mustBeRequester(ticket, who);
}

function firstFault(t: Texts, error: z.ZodError): string {
  return t.fields[(error.issues[0]?.message ?? "textBlank") as FieldFault];
}
