import { type Insertable, type Selectable, sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import type { Tables } from "#db/tables.ts";
import { type FileFault, Problem, type ProblemFacts } from "#errors.ts";
import { ALL, type StepChange, stepUpdate, type Ticket, type TicketRef } from "./store.ts";

export type HistoryRow = Omit<Selectable<Tables["ticket_history"]>, "account_id" | "ticket_id">;
/** As much of it as a sentence needs. */
export type Told = Pick<HistoryRow, "event" | "detail" | "actor_kind" | "actor_name">;
export type Comment = Pick<
  Selectable<Tables["comment"]>,
  "id" | "body" | "author_kind" | "author_name" | "edits" | "deleted_at"
>;

type NewHistory = Insertable<Tables["ticket_history"]>;
type NewComment = Omit<Insertable<Tables["comment"]>, "id" | "account_id" | "ticket_id">;

export async function insertHistory(tx: Tx, row: NewHistory): Promise<string> {
  const { id } = await historyInsert(tx, row).executeTakeFirstOrThrow();
  return id;
}

/**
 * A step with what it changes and the comment that was made in it, which has the id of this row. One statement: round
 * trips are most of what an ack costs.
 */
export async function insertStep(
  tx: Tx,
  row: NewHistory,
  { change, comment }: { change: StepChange; comment: NewComment | undefined },
): Promise<string> {
  const { account_id, ticket_id } = row;
  const ref = { accountId: account_id, ticketId: ticket_id };
  const changing = tx.with("changed", (db) => stepUpdate(db, ref, change));
  if (!comment) return (await historyInsert(changing, row).executeTakeFirstOrThrow()).id;
  const { id } = await changing
    .with("history", (db) => historyInsert(db, row))
    .insertInto("comment")
    .values(({ selectFrom }) => ({
      id: selectFrom("history").select("id"),
      ...{ account_id, ticket_id, ...comment },
    }))
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

/** Later than all that the ticket has: whoever waited for its lock began before what happened meanwhile. */
function historyInsert(db: Pick<Tx, "insertInto">, row: NewHistory) {
  const at = sql<Date>`greatest(deskline_now(), (
    select max(at) + interval '1 microsecond' from ticket_history
    where account_id = ${row.account_id} and ticket_id = ${row.ticket_id}))`;
  return db
    .insertInto("ticket_history")
    .values({ at, ...row })
    .returning("id");
}

/** Who did it, as the history and the cards name them. */
export type Actor = {
  kind: Tables["ticket_history"]["actor_kind"];
  userId: string | null;
  name: string;
};
export const DESKLINE = {
  kind: "deskline",
  userId: null,
  name: "Deskline",
} as const satisfies Actor;

/** Whoever pressed: that they are an agent was asked before. */
export function agentOf({ userId, name }: { userId: string; name: string }) {
  return { kind: "agent", userId, name } as const;
}

/** What happened to its priority or its contact, beside the steps. */
export type ContractEvent =
  | "facts"
  | "priority"
  | "contact-asked"
  | "contact-here"
  | "fall-announced"
  | "fall-held"
  | "closing-announced";
/** What happens to it beside the steps, of which the customer is told nothing. */
export type UpkeepEvent = "topic" | "left" | "linked" | "unlinked" | "moved";
/** What happened to a ticket that was merged, and to the one into which it was. */
export type MergeEvent = "merged" | "unmerged" | "absorbed" | "released";
/** Its answers, its end and what came after it. */
export type LifeEvent = "answer-due" | "answer-late" | "rated" | "followed-up";
/** What became of a comment in the thread, beside the steps. */
export type CommentEvent = "comment-edited" | "comment-deleted";

export async function insertEvent(
  tx: Tx,
  ticket: Pick<Ticket, "account_id" | "id">,
  {
    event,
    by,
    detail,
  }: {
    event: ContractEvent | UpkeepEvent | MergeEvent | LifeEvent;
    by: Actor;
    detail: Record<string, unknown>;
  },
): Promise<string> {
  return insertHistory(tx, {
    account_id: ticket.account_id,
    ticket_id: ticket.id,
    event,
    actor_kind: by.kind,
    actor_user_id: by.userId,
    actor_name: by.name,
    detail: JSON.stringify(detail),
  });
}

/** A step of a ticket: its history row, and the comment that was made with it, or that it changes. */
export type StepMade = { history: HistoryRow; comment: Comment | undefined };

export async function findStep(db: Db, ref: TicketRef, historyId: string): Promise<StepMade> {
  return (await findTicketAtStep(db, { ...ref, historyId })).step;
}

/** The newest first. */
export async function findSteps(
  db: Db,
  { accountId, ticketId }: TicketRef,
  limit: number,
): Promise<StepMade[]> {
  const steps = await db
    .selectFrom("ticket_history")
    .select(["id", "at", "event", "detail", "actor_kind", "actor_user_id", "actor_name"])
    .where("account_id", "=", accountId)
    .where("ticket_id", "=", ticketId)
    .orderBy("at", "desc")
    .limit(limit)
    .execute();
  return steps.map((history) => ({ history, comment: undefined }));
}

/** Both in one round trip, which is most of what a job about a step costs. */
export async function findTicketAtStep(
  db: Db,
  { accountId, ticketId, historyId }: TicketRef & { historyId: string },
): Promise<{ ticket: Ticket; step: StepMade }> {
  // Which comment a change is about, its detail says.
  const aboutComment = sql<string>`coalesce((step.detail ->> 'commentId')::uuid, step.id)`;
  const row = await db
    .selectFrom("ticket")
    .innerJoin("ticket_history as step", (join) =>
      join.onRef("step.account_id", "=", "ticket.account_id").onRef("ticket_id", "=", "ticket.id"),
    )
    .leftJoin("comment", (join) =>
      join
        .onRef("comment.account_id", "=", "ticket.account_id")
        .on("comment.id", "=", aboutComment),
    )
    .select(ALL.map((column) => `ticket.${column}` as const))
    .select(["step.id as step_id", "step.at as step_at", "event", "detail"])
    .select(["actor_kind", "actor_user_id", "actor_name", "body", "author_kind", "author_name"])
    .select(["comment.id as comment_id", "edits", "deleted_at"])
    .where("ticket.account_id", "=", accountId)
    .where("ticket.id", "=", ticketId)
    .where("step.id", "=", historyId)
    .executeTakeFirstOrThrow(() => new Problem("ticket-not-found", {}));
  const { step_id: id, step_at: at, event, detail, ...others } = row;
  const { actor_kind, actor_user_id, actor_name, ...more } = others;
  const { comment_id, body, author_kind, author_name, edits, deleted_at, ...ticket } = more;
  const history = { id, at, event, detail, actor_kind, actor_user_id, actor_name };
  const comment = comment_id
    ? ({ id: comment_id, body, author_kind, author_name, edits, deleted_at } as Comment) // one row of it
    : undefined;
  return { ticket, step: { history, comment } };
}

/** Those rows that told agents how a comment was edited, the newest last; of an older version they were not told. */
export async function findEdits(
  db: Db,
  { accountId, ticketId }: TicketRef,
  commentId: string,
): Promise<string[]> {
  const rows = await db
    .selectFrom("ticket_history")
    .select("id")
    .where("account_id", "=", accountId)
    .where("ticket_id", "=", ticketId)
    .where("event", "=", "comment-edited" satisfies CommentEvent)
    .where(sql`detail ->> 'commentId'`, "=", commentId)
    .where(sql`detail ->> 'isUntold'`, "is", null)
    .orderBy("at")
    .execute();
  return rows.map(({ id }) => id);
}

/** What went wrong for good with a ticket, as its history has it. */
export type Failure =
  | "desk-refused"
  | "unreachable"
  | "mail-uncertain"
  | "gave-up"
  | "unsent"
  | "undeleted";

/** What an agent wrote that could not be sent. */
export type Unsent = { author: string; body: string };

async function insertOwn(
  tx: Tx,
  { accountId, ticketId }: TicketRef,
  event: string,
  detail: object,
) {
  return insertHistory(tx, {
    account_id: accountId,
    ticket_id: ticketId,
    event,
    actor_kind: DESKLINE.kind,
    actor_user_id: DESKLINE.userId,
    actor_name: DESKLINE.name,
    detail: JSON.stringify(detail),
  });
}

export async function insertFailure(
  tx: Tx,
  ref: TicketRef,
  failure: { event: Failure; reference: string; byMail?: true } & Partial<Unsent>,
): Promise<string> {
  const { event, ...detail } = failure;
  return insertOwn(tx, ref, event, detail);
}

/** Under its lock: an earlier run of the same job has said it. */
export async function isFailureKnown(
  tx: Tx,
  ref: TicketRef,
  { event, reference }: { event: Failure; reference: string },
): Promise<boolean> {
  const row = await tx
    .selectFrom("ticket_history")
    .select("id")
    .where("account_id", "=", ref.accountId)
    .where("ticket_id", "=", ref.ticketId)
    .where("event", "=", event)
    .where(sql`detail ->> 'reference'`, "=", reference)
    .executeTakeFirst();
  return row !== undefined;
}

/** A file that was not passed on, as the thread tells it. */
export async function insertFileRefused(
  tx: Tx,
  ref: TicketRef & { attachmentId?: string },
  refusal: ProblemFacts["file-refused"],
): Promise<string> {
  const { attachmentId } = ref;
  return insertOwn(tx, ref, "file-refused", {
    ...refusal,
    ...(attachmentId && { attachmentId }),
  });
}

/** What an agent sent along, and the customer did not get. */
export type UnsentFile = { name: string; author: string; why: FileFault; reference?: string };

export async function insertFileUnsent(
  tx: Tx,
  ref: TicketRef,
  unsent: UnsentFile,
): Promise<string> {
  return insertOwn(tx, ref, "file-unsent", unsent);
}

/** What they were called, nobody reads any more. Answers in which rows that was. */
export async function redactRefusals(
  tx: Tx,
  ref: TicketRef,
  attachmentIds: readonly string[],
): Promise<string[]> {
  const redacted = { name: "…", isDeleted: true };
  const rows = await tx
    .updateTable("ticket_history")
    .set({ detail: sql<string>`detail || ${JSON.stringify(redacted)}::jsonb` })
    .where("account_id", "=", ref.accountId)
    .where("ticket_id", "=", ref.ticketId)
    .where("event", "=", "file-refused")
    .where(sql<string>`detail ->> 'attachmentId'`, "in", attachmentIds)
    .returning("id")
    .execute();
  return rows.map(({ id }) => id);
}

/** How the operator finds the filing that the desk refused; undefined when it did not. */
export async function findRefusal(db: Db, ref: TicketRef): Promise<string | undefined> {
  const row = await db
    .selectFrom("ticket_history")
    .select(sql<string>`detail ->> 'reference'`.as("reference"))
    .where("account_id", "=", ref.accountId)
    .where("ticket_id", "=", ref.ticketId)
    .where("event", "=", "desk-refused" satisfies Failure)
    .orderBy("at", "desc")
    .executeTakeFirst();
  return row?.reference;
}

/** The last time that this happened to it. */
export async function findLast(
  db: Db,
  ref: TicketRef,
  event: ContractEvent | UpkeepEvent,
): Promise<HistoryRow | undefined> {
  return db
    .selectFrom("ticket_history")
    .select(["id", "at", "event", "detail", "actor_kind", "actor_user_id", "actor_name"])
    .where("account_id", "=", ref.accountId)
    .where("ticket_id", "=", ref.ticketId)
    .where("event", "=", event)
    .orderBy("at", "desc")
    .executeTakeFirst();
}
