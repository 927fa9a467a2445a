import { z } from "zod";
import type { Db, Tx } from "#db/connect.ts";
import { onceDelivered, type Source } from "#db/inbox.ts";
import type { Status } from "#db/tables.ts";
import { Problem, RetryLater } from "#errors.ts";
import { enqueue, enqueueAll } from "#jobs/queue.ts";
import type { MessageAddress } from "#slack/messenger.ts";
import { redrawChoices } from "./choices.ts";
import { hasContact } from "./contact-turns.ts";
import { redrawLinked } from "./links.ts";
import { cardEdits, refOf, takeFiles, toAgents, toCustomer, toDesk } from "./outbox.ts";
import {
  isDoneOnPage,
  lockForDelivery,
  type StepChange,
  type Ticket,
  type TicketRef,
} from "./store.ts";
import { placeOf } from "./store-comments.ts";
import { insertStep } from "./store-history.ts";
import { saveSeen } from "./store-receipts.ts";
import { nextStatus, type Step, statusAfter, ticketNumber } from "./ticket.ts";

/** One press or message that moves a ticket on. Who may do it was asked before. */
export type StepTaken = {
  step: Step;
  by: { kind: "agent" | "requester" | "deskline"; userId: string | null; name: string };
  /** The comment that goes with it: a reply, a question, added information. */
  body?: string;
  /** The files that came with it, and the workspace whose app heard of them. */
  files?: { teamId: string; ids: readonly string[] } | undefined;
  /** What those are called that were passed on before. */
  passed?: readonly string[];
  /** Who has the ticket from now on. */
  assignee?: { userId: string; name: string };
  delivery: { source: Source; key: string };
  /** A change that came from the desk is not told to it again. */
  fromDesk?: boolean;
  /** Typed in the thread: it stands there already, as this message. */
  message?: MessageAddress & {
    threadTs: string;
    /** That is the thread of a ticket which was merged into this one. */
    isElsewhere?: boolean;
  };
  /** Its author has let it go before: what became of the ticket meanwhile does not keep it back. */
  wasLetGo?: boolean;
  /** What changes with it, in its transaction. */
  also?: (tx: Tx, ticket: Ticket, historyId: string) => Promise<void>;
};

const COMMENT_KIND = {
  reply: "reply",
  ask: "question",
  offer: "question",
  inform: "information",
  dispute: "information",
} as const;
/** The customer sees it on the card. */
const QUIET: readonly Step[] = ["take", "assign"];
/** What a requester decides. */
const DECISIONS: readonly Step[] = ["accept", "solve", "reopen", "close"];
const Done = z.object({});

/** What is said in the ticket's thread is another's since whoever took it looked whose. */
export class MergedMeanwhile extends RetryLater {
  override name = "MergedMeanwhile";

  constructor() {
    super("the ticket was merged meanwhile");
  }
}

/** Locked, checked, written and announced in one transaction; a repeated delivery does nothing. */
export async function takeStep(db: Db, ref: TicketRef, taken: StepTaken): Promise<void> {
  const { source, key } = taken.delivery;
  await onceDelivered(db, { source, key, answer: Done }, () =>
    db.transaction().execute(async (tx) => {
      const ticket = await lockForDelivery(tx, ref, { source, key });
      if (taken.message && ticket.merged_into_id) throw new MergedMeanwhile();
      await writeStep(tx, ticket, taken);
      return {};
    }),
  );
}

type Written = Omit<StepTaken, "delivery">;

/** In a transaction that has locked the ticket, and is itself what comes once. */
export async function writeStep(tx: Tx, ticket: Ticket, taken: Written): Promise<void> {
  const ref = refOf(ticket);
  const { step, by } = taken;
  const isSaid = hasContent(taken) && (taken.fromDesk || taken.message || taken.wasLetGo);
  const status = isSaid ? statusAfter(step, ticket) : nextStatus(step, ticket);
  if (step === "take") mustBeFree(ticket, by.userId);

  const claims = by.kind === "agent" && !ticket.assignee_user_id && step !== "reopen";
  const historyId = await keepStep(tx, ticket, taken, {
    status,
    wait: waitAfter(taken, status),
    isUnseen: by.kind === "requester" && hasContent(taken),
    assignee:
      taken.assignee ?? (claims && by.userId ? { userId: by.userId, name: by.name } : undefined),
  });
  await taken.also?.(tx, ticket, historyId);
  await enqueueAfter(tx, ticket, historyId, status);
  await keepFiles(tx, ref, historyId, taken);
  if (by.kind === "agent") await saveSeen(tx, ref); // their act shows that they have read
  await announce(tx, ticket, historyId, taken);
}

/** At the ticket and in the history, with what was said. */
async function keepStep(
  tx: Tx,
  ticket: Ticket,
  taken: Written,
  change: StepChange,
): Promise<string> {
  const { step, by } = taken;
  const row = {
    account_id: ticket.account_id,
    ticket_id: ticket.id,
    event: step,
    actor_kind: by.kind,
    actor_user_id: by.userId,
    actor_name: by.name,
    detail: JSON.stringify(detailOf(taken, { from: ticket.status, to: change.status })),
  };
  return insertStep(tx, row, { change, comment: commentOf(taken) });
}

function commentOf({ step, by, body, message }: Written) {
  const kind = COMMENT_KIND[step as keyof typeof COMMENT_KIND]; // undefined of all others
  if (body === undefined || !kind) return undefined;
  return {
    kind,
    author_kind: by.kind === "agent" ? ("agent" as const) : ("requester" as const),
    author_user_id: by.userId,
    author_name: by.name,
    body,
    ...(message && { ...placeOf(message), thread_ts: message.threadTs }),
  };
}

/** What is to be looked at when a ticket ends or comes back. */
async function enqueueAfter(
  tx: Tx,
  ticket: Ticket,
  historyId: string,
  status: Status,
): Promise<void> {
  if ((status === "solved") === (ticket.status === "solved")) return;
  const ref = refOf(ticket);
  await redrawChoices(tx, ticket, historyId);
  if (hasContact(ticket)) await enqueue(tx, "ticket.review", { ...ref, reason: "policy" });
  if (status === "solved") await enqueue(tx, "ticket.ending-due", { ...ref, historyId });
}

/** An answer ends the customer's wait; what they say begins one. */
function waitAfter({ step, by, ...said }: Written, status: Status) {
  if (status === "closed" || status === "solved") return by.kind === "agent" ? "answered" : "over";
  if (by.kind === "agent") {
    if (step === "reopen") return "begins";
    return QUIET.includes(step) ? undefined : "answered";
  }
  return hasContent(said) || step === "reopen" ? "begins" : undefined;
}

async function keepFiles(
  tx: Tx,
  ref: TicketRef,
  historyId: string,
  { by, files }: Written,
): Promise<void> {
  if (!files) return;
  const sender = by.kind === "agent" ? { agentName: by.name } : {};
  await takeFiles(tx, ref, { ...files, ...sender, historyId });
}

function detailOf(taken: Written, moved: { from: Status; to: Status }) {
  const { passed, assignee } = taken;
  return {
    ...moved,
    ...(standsInThread(taken) && { inThread: true }),
    ...(passed && { files: passed }),
    ...(assignee && { assignee: assignee.userId }),
  };
}

/** What support answers in the thread of a merged ticket is said in the ticket's own, too. */
function standsInThread({ message, by }: Written): boolean {
  return message !== undefined && !(message.isElsewhere && by.kind === "agent");
}

function hasContent({ body, files, passed }: Pick<Written, "body" | "files" | "passed">): boolean {
  return body !== undefined || files !== undefined || passed !== undefined;
}

/** Take means "nobody has it": whoever pressed second is told who was first. */
function mustBeFree(ticket: Ticket, userId: string | null): void {
  if (!ticket.assignee_user_id || ticket.assignee_user_id === userId) return;
  const number = ticketNumber(ticket);
  throw new Problem("already-taken", { number, by: ticket.assignee_user_id });
}

async function announce(tx: Tx, ticket: Ticket, historyId: string, taken: Written) {
  await redrawLinked(tx, ticket);
  const reopens = taken.step === "inform" && ticket.status === "solved";
  const isThere = isDoneOnPage(ticket, taken.by) || (standsInThread(taken) && !reopens);
  const isForCustomer = !QUIET.includes(taken.step) && !isThere;
  await enqueueAll(tx, [
    ...cardEdits(ticket),
    ...(isForCustomer ? [toCustomer(ticket, historyId)] : []),
    ...(isNewsForAgents(taken) ? [toAgents(ticket, historyId)] : []),
    ...(taken.fromDesk ? [] : [toDesk(ticket, historyId)]),
  ]);
}

/** What is said, and what a requester decides. */
function isNewsForAgents(taken: Written): boolean {
  const { step, by } = taken;
  const isDecision = DECISIONS.includes(step);
  return step === "assign" || hasContent(taken) || (by.kind === "requester" && isDecision);
}
