import { inert, type Message, mention, quotation, quote, section } from "#slack/blocks.ts";
import type { Texts } from "#text/texts.ts";
import type { Comment, Failure, HistoryRow, Ticket } from "./store.ts";
import { type Step, ticketNumber } from "./ticket.ts";

/** What a step says in the customer's thread. */
export function customerMessage(
  t: Texts,
  ticket: Ticket,
  told: { history: HistoryRow; comment: Comment | undefined },
): Message {
  const { history, comment } = told;
  const name = inert(history.actor_name);
  if (history.detail.inThread) return messageOf(t.thread.reopened(name)); // their words stand there already
  const lines: Record<Step, string> = {
    reply: t.thread.replied(name),
    ask: t.thread.asked(name, ticket.requester_user_id),
    inform: reopens(history) ? t.thread.informedAndReopened(name) : t.thread.informed(name),
    solve: t.thread.solved(name),
    reopen:
      history.actor_kind === "agent" ? t.thread.reopenedByAgent(name) : t.thread.reopened(name),
    take: "",
  };
  return withBody(lines[history.event as Step], comment); // the table of steps writes the event
}

/** The same for the agents, in the triage card's thread. */
export function agentsMessage(
  t: Texts,
  told: { history: HistoryRow; comment: Comment | undefined; assignee: string | null },
): Message {
  const { history, comment } = told;
  const name = inert(history.actor_name);
  if (history.event === ("unreachable" satisfies Failure)) {
    return messageOf(t.agents.unreachable(String(history.detail.reference)));
  }
  const lines: Record<Step, string> = {
    reply: t.agents.replied(name),
    ask: t.agents.asked(name),
    inform: reopens(history)
      ? t.agents.informedAndReopened(name, told.assignee ? mention(told.assignee) : "")
      : t.agents.informed(name),
    solve: t.agents.solved(name),
    reopen: t.agents.reopened(name),
    take: t.agents.took(name),
  };
  return withBody(lines[history.event as Step], comment);
}

export function failureMessage(
  t: Texts,
  ticket: Ticket,
  failure: { what: "desk-refused" | "gave-up"; reference: string },
): Message {
  const line =
    failure.what === "desk-refused"
      ? t.thread.deskRefused(ticketNumber(ticket), failure.reference)
      : t.thread.gaveUp(failure.reference);
  return messageOf(line);
}

function reopens({ detail }: HistoryRow): boolean {
  return detail.from === "solved" && detail.to === "open";
}

function withBody(line: string, comment: Comment | undefined): Message {
  if (!comment) return messageOf(line);
  const { body } = comment;
  return { text: `${line}\n${quote(body)}`, blocks: [section(line), ...quotation(body)] };
}

function messageOf(line: string): Message {
  return { text: line, blocks: [section(line)] };
}
