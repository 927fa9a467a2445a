import { type Message, section } from "#slack/blocks.ts";
import { bold, date, inert, mention } from "#slack/mrkdwn.ts";
import { quotation, quote, quoted } from "#slack/quotation.ts";
import type { Texts } from "#text/texts.ts";
import type { SlackTicket, Ticket } from "./store.ts";
import type { Failure, StepMade } from "./store-history.ts";
import { type Step, ticketNumber } from "./ticket.ts";

/** Our sentence about a step or a failure, with what somebody wrote, and when it was. */
export type Said = { line: string; body?: string | undefined; at?: Date };

/** What a step says in the customer's thread. */
export function customerSaid(t: Texts, ticket: SlackTicket, told: StepMade): Said {
  const { history, comment } = told;
  const { at } = history;
  const name = inert(history.actor_name);
  if (history.detail.inThread) return { line: t.thread.reopened(name), at }; // their words stand there already
  const lines: Record<Step, string> = {
    reply: t.thread.replied(name),
    ask: t.thread.asked(name, ticket.requester_user_id),
    inform: reopens(history) ? t.thread.informedAndReopened(name) : t.thread.informed(name),
    solve: t.thread.solved(name),
    reopen:
      history.actor_kind === "agent" ? t.thread.reopenedByAgent(name) : t.thread.reopened(name),
    take: "",
  };
  return { line: lines[history.event as Step], body: comment?.body, at }; // the table of steps writes the event
}

/** The same for the agents, in the triage card's thread. */
export function agentsSaid(t: Texts, told: StepMade & { assignee: string | null }): Said {
  const { history, comment } = told;
  const { at } = history;
  const name = inert(history.actor_name);
  const unreached = unreachedLine(t, history);
  if (unreached) return { line: unreached, at };
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
  return { line: lines[history.event as Step], body: comment?.body, at };
}

function unreachedLine(t: Texts, { event, detail }: StepMade["history"]): string | undefined {
  const reference = String(detail.reference);
  if (event === ("mail-uncertain" satisfies Failure)) return t.agents.mailUncertain(reference);
  if (event !== ("unreachable" satisfies Failure)) return undefined;
  return detail.byMail ? t.agents.unreachableByMail(reference) : t.agents.unreachable(reference);
}

export function failureSaid(
  t: Texts,
  ticket: Ticket,
  failure: { what: "desk-refused" | "gave-up"; reference: string },
): Said {
  const { what, reference } = failure;
  return {
    line:
      what === "desk-refused"
        ? t.thread.deskRefused(ticketNumber(ticket), reference)
        : t.thread.gaveUp(reference),
  };
}

export function threadMessage({ line, body }: Said): Message {
  if (body === undefined) return { text: line, blocks: [section(line)] };
  return { text: `${line}\n${quote(body)}`, blocks: [section(line), ...quotation(body)] };
}

/** All of it in one message, in order: it comes late, and would be many. */
export function catchUpMessage(t: Texts, said: readonly Said[]): Message {
  return {
    text: [t.thread.catchUp, ...said.map((each) => threadMessage(each).text)].join("\n\n"),
    blocks: [
      section(bold(t.thread.catchUp)),
      ...said.flatMap(({ line, body, at }) => {
        const dated = at ? `${date(at, t.moment(at, "UTC"))} · ${line}` : line;
        return body === undefined ? [section(dated)] : quoted(dated, body);
      }),
    ],
  };
}

function reopens({ detail }: StepMade["history"]): boolean {
  return detail.from === "solved" && detail.to === "open";
}
