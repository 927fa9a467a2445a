import type { ActionsBlock, Button } from "@slack/types";
import { z } from "zod";
import type { ProblemFacts } from "#errors.ts";
import { actions, type Message, section } from "#slack/blocks.ts";
import { bold, date, inert, mention } from "#slack/mrkdwn.ts";
import { quotation, quote, quoted } from "#slack/quotation.ts";
import type { Texts } from "#text/texts.ts";
import { contractSaid } from "./contract-said.ts";
import { fixedButtons, rateButtons } from "./ending-views.ts";
import { mergeLine } from "./merge-said.ts";
import type { SlackTicket, Ticket } from "./store.ts";
import type { Score } from "./store-ending.ts";
import type {
  Comment,
  CommentEvent,
  Failure,
  HistoryRow,
  StepMade,
  Unsent,
  UnsentFile,
} from "./store-history.ts";
import { type Step, ticketNumber } from "./ticket.ts";
import { tryAgainButton } from "./try-again.ts";
import { upkeepLine } from "./upkeep-said.ts";
import { wholeButton } from "./whole-views.ts";
import { offerButtons } from "./workaround-views.ts";

/** As `pingLate` wrote it. */
const Late = z.object({
  dueAt: z.coerce.date(),
  isFirst: z.boolean(),
  called: z.array(z.string()),
});

/** Our sentence about a step or a failure, with what somebody wrote, and when it was. */
export type Said = {
  line: string;
  body?: string | undefined;
  at?: Date;
  /** What the reader may do about it. */
  buttons?: { id: string; elements: Button[] };
};

/** What a step says in the customer's thread. */
export function customerSaid(t: Texts, ticket: SlackTicket, told: StepMade): Said {
  const { history, comment } = told;
  const { at } = history;
  const name = inert(history.actor_name);
  const ofContract = contractSaid(t, ticket, history, "customer");
  if (ofContract) return ofContract;
  const ofMerge = mergeLine(t, history, "customer");
  if (ofMerge) return { line: ofMerge, at };
  if (history.detail.inThread) return { line: t.thread.reopened(name), at }; // their words stand there already
  if (history.event === "file-refused") return { line: fileRefused(t, history.detail), at };
  if (history.event === "followed-up")
    return { line: t.thread.followedUp(name, String(history.detail.number)), at };
  const lines: Record<Step, string> = {
    reply: t.thread.replied(name),
    ask: t.thread.asked(name, ticket.requester_user_id),
    offer: t.thread.offered(name, ticket.requester_user_id),
    accept: t.thread.accepted(name),
    dispute: t.thread.disputed(name),
    inform: reopens(history) ? t.thread.informedAndReopened(name) : t.thread.informed(name),
    solve: t.thread.solved(name),
    reopen:
      history.actor_kind === "agent" ? t.thread.reopenedByAgent(name) : t.thread.reopened(name),
    close: history.actor_kind === "deskline" ? t.thread.closedBySilence : t.thread.closed(name),
    take: "",
    assign: "",
  };
  const buttons = choicesOf(t, ticket, history) ?? wholeButton(t, ticket, told);
  return {
    line: lines[history.event as Step], // the table of steps writes the event
    body: comment?.body || undefined,
    at,
    ...(buttons && { buttons }),
  };
}

/** What the requester may do about a step, as the ticket is now: it may be told late. */
function choicesOf(t: Texts, ticket: SlackTicket, { event, id }: HistoryRow): Said["buttons"] {
  const { status } = ticket;
  const hasEnded = status === "solved" || status === "closed";
  if (event === "offer") return hasEnded ? undefined : offerButtons(t, ticket, id);
  if (event === "solve") return status === "solved" ? fixedButtons(t, ticket, id) : undefined;
  return event === "close" ? rateButtons(t, ticket, id) : undefined;
}

/** What the file is called was typed by somebody, who may have deleted it since. */
function fileRefused(t: Texts, detail: Record<string, unknown>): string {
  const facts = detail as ProblemFacts["file-refused"]; // as `insertFileRefused` wrote it
  const name = detail.isDeleted ? t.labels.deletedFile : inert(facts.name);
  return t.problems["file-refused"]({ ...facts, name });
}

/** The same for the agents, in the triage card's thread. */
export function agentsSaid(t: Texts, ticket: Ticket, told: StepMade): Said {
  const { history, comment } = told;
  const { at } = history;
  const name = inert(history.actor_name);
  const ofContract = contractSaid(t, ticket, history, "agents");
  if (ofContract) return ofContract;
  if (history.event === ("unsent" satisfies Failure)) return unsentSaid(t, history);
  if (history.event === "rated") return ratedSaid(t, history);
  const alone = lineAlone(t, ticket, history);
  if (alone) return { line: alone, at };
  const changed = changedLine(t, told);
  const toRead = wholeButton(t, ticket, told);
  const buttons = toRead && { buttons: toRead };
  if (changed) {
    const body = newestBody(told);
    return { line: changed, body, at, ...(body && buttons) };
  }
  const lines: Record<Step, string> = {
    reply: t.agents.replied(name),
    ask: t.agents.asked(name),
    offer: t.agents.offered(name),
    accept: t.agents.accepted(name),
    dispute: t.agents.disputed(name),
    inform: reopens(history)
      ? t.agents.informedAndReopened(
          name,
          ticket.assignee_user_id ? mention(ticket.assignee_user_id) : "",
        )
      : t.agents.informed(name),
    solve: t.agents.solved(name),
    reopen: t.agents.reopened(name),
    close: history.actor_kind === "deskline" ? t.agents.closedBySilence : t.agents.closed(name),
    take: t.agents.took(name),
    assign: t.agents.assigned(name, mention(String(history.detail.assignee))),
  };
  const line = withFiles(t, lines[history.event as Step], history.detail.files);
  return { line: withFate(t, line, comment), body: comment?.body || undefined, at, ...buttons };
}

/** What nobody has written anything to. */
function lineAlone(t: Texts, ticket: Ticket, history: HistoryRow): string | undefined {
  const { event, detail, actor_name } = history;
  const ofMerge = mergeLine(t, history, "agents");
  if (ofMerge) return ofMerge;
  if (event === "followed-up") return followedLine(t, history);
  if (event === "file-unsent") return fileUnsent(t, detail);
  if (event === "file-deleted") return t.agents.fileDeleted(inert(actor_name));
  return (
    upkeepLine(t, history) ??
    unreachedLine(t, history) ??
    lateLine(t, history) ??
    failedLine(t, ticket, history)
  );
}

/** A requester without an id in Slack wrote on the page. */
function followedLine(t: Texts, history: HistoryRow): string {
  const { detail, actor_kind, actor_user_id, actor_name } = history;
  const { followedUp, followedUpByAgent, followedUpOnPage } = t.agents;
  const byRequester = actor_user_id === null ? followedUpOnPage : followedUp;
  const say = actor_kind === "agent" ? followedUpByAgent : byRequester;
  return say(inert(actor_name), String(detail.number));
}

function fileUnsent(t: Texts, detail: Record<string, unknown>): string {
  const { name, author, why, reference } = detail as UnsentFile; // as `insertFileUnsent` wrote it
  return t.agents.fileUnsent(inert(author), inert(name), t.fileFaults[why], reference);
}

function lateLine(t: Texts, { event, detail }: HistoryRow): string | undefined {
  if (event !== "answer-due" && event !== "answer-late") return undefined;
  const { dueAt, isFirst, called } = Late.parse(detail);
  const due = date(dueAt, t.moment(dueAt, "UTC"));
  const people = called.map((userId) => mention(userId)).join(" ");
  const words = event === "answer-due" ? t.agents.answerDue : t.agents.answerLate;
  return `${words[isFirst ? "first" : "next"](due)} ${people}`.trim();
}

function ratedSaid(t: Texts, { detail, actor_name, at }: HistoryRow): Said {
  const { score, words: body } = detail as { score: Score; words?: string }; // as `rate` wrote it
  return { line: t.agents.rated(inert(actor_name), t.ending[score]), body, at };
}

/** What the customer was told; the agents read it in the history. */
function failedLine(t: Texts, ticket: Ticket, { event, detail }: HistoryRow): string | undefined {
  if (event === "file-refused") return fileRefused(t, detail);
  if (event !== "desk-refused" && event !== "gave-up") return undefined;
  return failureSaid(t, ticket, { what: event, reference: String(detail.reference) }).line;
}

function editsAt({ detail }: HistoryRow): number {
  return Number(detail.edits ?? 1); // as `noteChange` wrote it
}

/** Under the line of the last edit alone: what the words were before, nobody reads any more. */
function newestBody({ history, comment }: StepMade): string | undefined {
  return comment?.edits === editsAt(history) ? comment.body || undefined : undefined;
}

function changedLine(t: Texts, { history }: StepMade): string | undefined {
  const name = inert(history.actor_name);
  switch (history.event as CommentEvent) {
    case "comment-edited":
      return t.agents.edited(name, editsAt(history));
    case "comment-deleted":
      return t.agents.deleted(name);
    default:
      return undefined;
  }
}

/** What became of the words since. */
function withFate(t: Texts, line: string, comment: Comment | undefined): string {
  if (comment?.deleted_at) return t.agents.since(line, t.agents.wasDeleted);
  if (comment?.edits) return t.agents.since(line, t.agents.wasEdited(comment.edits));
  return line;
}

/** What came along on the page of a web ticket. */
function withFiles(t: Texts, line: string, files: unknown): string {
  if (!Array.isArray(files)) return line;
  return `${line}\n${t.agents.files(files.map((name) => inert(String(name))).join(t.labels.separator))}`;
}

function unreachedLine(t: Texts, { event, detail }: StepMade["history"]): string | undefined {
  const reference = String(detail.reference);
  if (event === ("undeleted" satisfies Failure)) return t.agents.undeleted(reference);
  if (event === ("mail-uncertain" satisfies Failure)) return t.agents.mailUncertain(reference);
  if (event !== ("unreachable" satisfies Failure)) return undefined;
  return detail.byMail ? t.agents.unreachableByMail(reference) : t.agents.unreachable(reference);
}

function unsentSaid(t: Texts, { detail, at }: StepMade["history"]): Said {
  const { author, body } = detail as Unsent; // as `insertFailure` wrote it
  return { line: t.agents.unsent(inert(author), String(detail.reference)), body, at };
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
    buttons: { id: `failure.${reference}`, elements: [tryAgainButton(t, ticket, reference)] },
  };
}

export function threadMessage(said: Said): Message {
  const { line, body } = said;
  const choices = buttonBlocks(said);
  if (body === undefined) return { text: line, blocks: [section(line), ...choices] };
  return {
    text: `${line}\n${quote(body)}`,
    blocks: [section(line), ...quotation(body), ...choices],
  };
}

export function buttonBlocks({ buttons }: Said): ActionsBlock[] {
  return buttons ? actions(buttons.id, buttons.elements) : [];
}

/** All of it in one message, in order: it comes late, and would be many. */
export function catchUpMessage(t: Texts, said: readonly Said[]): Message {
  return {
    text: [t.thread.catchUp, ...said.map((each) => threadMessage(each).text)].join("\n\n"),
    blocks: [
      section(bold(t.thread.catchUp)),
      ...said.flatMap((each) => {
        const { line, body, at } = each;
        const dated = at ? `${date(at, t.moment(at, "UTC"))} · ${line}` : line;
        const words = body === undefined ? [section(dated)] : quoted(dated, body);
        return [...words, ...buttonBlocks(each)];
      }),
    ],
  };
}

export function reopens({ detail }: Pick<StepMade["history"], "detail">): boolean {
  return detail.from === "solved" && detail.to === "open";
}
