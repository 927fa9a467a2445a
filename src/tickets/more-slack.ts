import { isAgent, mustBeAgent } from "#accounts/ask.ts";
import { Problem } from "#errors.ts";
import type { Door, PressCall, SubmitCall } from "#slack/replies.ts";
import { openFollowUpForm } from "./follow-up-slack.ts";
import { openLinks } from "./links-slack.ts";
import { type MergeNeeds, openMerge, pressUndoMerge, registerMerge } from "./merge-slack.ts";
import { assignModal, historyModal, STEPS_SHOWN } from "./more-views.ts";
import { refOf } from "./outbox.ts";
import { takeStep } from "./step.ts";
import { findTicket, type Ticket } from "./store.ts";
import { agentOf, findSteps } from "./store-history.ts";
import { nameIn } from "./thread-reply.ts";
import { nextStatus, readRef } from "./ticket.ts";
import { openTopic } from "./topic-slack.ts";
import { MORE, STEP_BUTTON } from "./views.ts";

/** What agents do less often: give the ticket to somebody, merge it into another, look at all that happened. */
export function registerMore(door: Door, needs: MergeNeeds): void {
  door.press(MORE, (call) => open(call, needs));
  door.submit(STEP_BUTTON.assign, (call) => assign(call, needs));
  registerMerge(door, needs);
}

async function open(call: PressCall, needs: MergeNeeds): Promise<void> {
  const { db, people, agentsChannel } = needs;
  const [what, ...about] = call.value.split("/");
  const ref = readRef(about.join("/"));
  const ticket = await findTicket(db, ref);
  await mustBeAgent(people, agentsChannel, call.caller);
  if (what === "assign") {
    nextStatus("assign", ticket);
    return call.open((texts) => assignModal(texts, ticket));
  }
  if (what === "link") return openLinks(call, needs, ticket);
  if (what === "follow-up") return openFollowUpForm(call, needs, ticket);
  if (what === "topic") return openTopic(call, needs, ticket);
  if (what === "merge") return openMerge(call, needs, ticket);
  if (what === "unmerge") return pressUndoMerge(call, needs, ticket);
  if (what !== "history") throw new Problem("ticket-not-found", {});
  await openHistory(call, needs, ticket);
}

async function openHistory(call: PressCall, { db }: MergeNeeds, ticket: Ticket): Promise<void> {
  const found = await findSteps(db, refOf(ticket), STEPS_SHOWN + 1);
  const shown = { steps: found.slice(0, STEPS_SHOWN), isMore: found.length > STEPS_SHOWN };
  return call.open((texts) => historyModal(texts, ticket, shown));
}

async function assign(call: SubmitCall, { db, people, agentsChannel }: MergeNeeds): Promise<void> {
  const { caller, key, values, metadata } = call;
  const ref = readRef(metadata);
  await findTicket(db, ref);
  await mustBeAgent(people, agentsChannel, caller);
  const userId = values.assignee ?? "";
  const at = { teamId: agentsChannel.teamId, userId };
  if (!(await isAgent(people, agentsChannel, at)))
    return call.refuse({ assignee: caller.texts.fields.noAgent });
  await takeStep(db, ref, {
    step: "assign",
    by: agentOf(caller),
    assignee: { userId, name: (await nameIn(people, at)) ?? userId },
    delivery: { source: "slack.view", key },
  });
  await call.close();
}
