import type { z } from "zod";
import { type AgentsChannel, mustBeAgent, type PolicyNow } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import type { Channels } from "#slack/channels.ts";
import type { Files } from "#slack/files.ts";
import type { FindInstallation } from "#slack/installation.ts";
import { type Messenger, settleMarked } from "#slack/messenger.ts";
import type { People } from "#slack/people.ts";
import type { Door, PressCall, SubmitCall } from "#slack/replies.ts";
import type { Texts } from "#text/texts.ts";
import { registerCompose } from "./compose-slack.ts";
import { registerContact } from "./contact-slack.ts";
import { registerDigest } from "./digest-slack.ts";
import { registerEnding } from "./ending-slack.ts";
import { registerFacts } from "./facts-slack.ts";
import { registerFollowUp } from "./follow-up-slack.ts";
import { informationModal } from "./forms.ts";
import { registerFromMessage } from "./from-message-slack.ts";
import { registerLinks } from "./links-slack.ts";
import { registerList } from "./list-slack.ts";
import { registerMore } from "./more-slack.ts";
import { registerNewTicket } from "./new-ticket-slack.ts";
import { rememberPlans } from "./plan-memory.ts";
import { mustBeRequester } from "./requester.ts";
import { takeSaid } from "./said.ts";
import { takeStep } from "./step.ts";
import { registerStep } from "./step-run.ts";
import { findTicket } from "./store.ts";
import { agentOf } from "./store-history.ts";
import { readThreadEvent } from "./thread-event.ts";
import { CommentBody, type FieldFault, nextStatus, readRef } from "./ticket.ts";
import { registerTopic } from "./topic-slack.ts";
import { registerTryAgain } from "./try-again.ts";
import { STEP_BUTTON } from "./views.ts";
import { registerWhole } from "./whole-slack.ts";
import { registerWorkaround } from "./workaround-slack.ts";

type Needs = {
  db: Db;
  people: People;
  channels: Channels;
  agentsChannel: AgentsChannel;
  findInstallation: FindInstallation;
  policy: PolicyNow;
  messenger: Messenger;
  files: Files;
};

export function registerTickets(door: Door, needs: Needs): void {
  const forms = { ...needs, plans: rememberPlans(needs.db) };
  registerNewTicket(door, forms);
  registerFromMessage(door, forms);
  registerStep(door, needs);
  for (const step of ["take", "solve", "reopen"] as const) {
    door.press(STEP_BUTTON[step], (call) => pressStep(call, needs, step));
  }
  door.press(STEP_BUTTON.inform, (call) => openInformation(call, needs));
  door.submit(STEP_BUTTON.inform, (call) => submitInformation(call, needs));
  registerCompose(door, needs);
  door.event("message", async ({ teamId, event }) => {
    const own = await needs.findInstallation(teamId);
    await settleMarked(needs.db, event, own?.botId);
    const heard = { teamId, botUserId: own?.botUserId };
    const said = readThreadEvent(event);
    if (said && said.userId !== own?.botUserId) await takeSaid(needs, heard, said);
  });
  registerList(door, needs);
  registerWhole(door, needs);
  registerDigest(door, needs);
  registerContact(door, needs);
  registerWorkaround(door, needs);
  registerFacts(door, needs);
  registerTryAgain(door, needs);
  registerEnding(door, needs);
  registerMore(door, needs);
  registerTopic(door, needs);
  registerFollowUp(door, needs);
  registerLinks(door, needs);
}

async function pressStep(call: PressCall, needs: Needs, step: "take" | "solve" | "reopen") {
  const { caller, key, value } = call;
  const ref = readRef(value);
  await findTicket(needs.db, ref);
  await mustBeAgent(needs.people, needs.agentsChannel, caller);
  await takeStep(needs.db, ref, {
    step,
    by: agentOf(caller),
    delivery: { source: "slack.press", key },
  });
}

async function openInformation({ caller, value, open }: PressCall, { db }: Needs) {
  const ticket = await findTicket(db, readRef(value));
  mustBeRequester(ticket, caller);
  nextStatus("inform", ticket); // refuses now what would be refused after all the typing
  await open((texts) => informationModal(texts, ticket));
}

async function submitInformation(call: SubmitCall, { db }: Needs) {
  const { caller, key, values, metadata } = call;
  const body = CommentBody.safeParse(values.body);
  if (!body.success) return call.refuse({ body: firstFault(caller.texts, body.error) });

  const ref = readRef(metadata);
  mustBeRequester(await findTicket(db, ref), caller);
  await takeStep(db, ref, {
    step: "inform",
    by: { kind: "requester", userId: caller.userId, name: caller.name },
    body: body.data,
    delivery: { source: "slack.view", key },
  });
  await call.close();
}

function firstFault(t: Texts, error: z.ZodError): string {
  return t.fields[(error.issues[0]?.message ?? "textBlank") as FieldFault];
}
