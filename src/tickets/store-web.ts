import { sql } from "kysely";
import type { Db, Tx } from "#db/connect.ts";
import type { Language } from "#db/tables.ts";
import { MERGE_EVENTS } from "./merge-said.ts";
import type { TicketRef } from "./store.ts";
import type { WebDraft } from "./web-draft.ts";

/** What was sent by the form: a ticket once its address is confirmed. */
export type WebRequest = {
  id: string;
  email: string;
  language: Language;
  draft: KeptDraft;
  ticket: TicketRef | undefined;
};

/** With the name that its topic had, in the language of the form. */
export type KeptDraft = WebDraft & { topicName?: string | undefined };

/** As long as the link in the mail works. */
const LIVES = sql<boolean>`created_at > deskline_now() - interval '24 hours'`;
const COLUMNS = ["id", "email", "language", "draft", "account_id", "ticket_id"] as const;

export async function insertWebRequest(
  tx: Tx,
  request: { id: string; tokenHash: string; language: Language; draft: KeptDraft },
): Promise<void> {
  const { id, tokenHash, language, draft } = request;
  await tx
    .insertInto("web_request")
    .values({
      id,
      token_hash: tokenHash,
      email: draft.email,
      language,
      draft: JSON.stringify(draft),
    })
    .execute();
}

/** The link is mailed with another secret when the key it is made from has changed. */
export async function saveTokenHash(db: Db, id: string, tokenHash: string): Promise<void> {
  await db
    .updateTable("web_request")
    .set({ token_hash: tokenHash })
    .where("id", "=", id)
    .where("token_hash", "!=", tokenHash)
    .execute();
}

export async function findWebRequest(db: Db, id: string): Promise<WebRequest | undefined> {
  const row = await db
    .selectFrom("web_request")
    .select(COLUMNS)
    .where("id", "=", id)
    .where(LIVES)
    .executeTakeFirst();
  return row && read(row);
}

export async function findRequestToConfirm(
  db: Db,
  tokenHash: string,
): Promise<(WebRequest & { tokenHash: string }) | undefined> {
  const row = await db
    .selectFrom("web_request")
    .select(COLUMNS)
    .where("token_hash", "=", tokenHash)
    .where(LIVES)
    .executeTakeFirst();
  return row && { ...read(row), tokenHash };
}

/** Two presses of the same button come one after the other. */
export async function lockWebRequest(tx: Tx, id: string): Promise<WebRequest | undefined> {
  const row = await tx
    .selectFrom("web_request")
    .select(COLUMNS)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  return row && read(row);
}

export async function saveFiledRequest(tx: Tx, id: string, ref: TicketRef): Promise<void> {
  await tx
    .updateTable("web_request")
    .set({ account_id: ref.accountId, ticket_id: ref.ticketId })
    .where("id", "=", id)
    .execute();
}

export async function saveTicketPage(db: Db, ref: TicketRef, secretHash: string): Promise<void> {
  await db
    .insertInto("ticket_page")
    .values({ secret_hash: secretHash, account_id: ref.accountId, ticket_id: ref.ticketId })
    .onConflict((oc) => oc.doNothing())
    .execute();
}

export async function findTicketOfPage(
  db: Db,
  secretHash: string,
): Promise<(TicketRef & { secretHash: string }) | undefined> {
  return db
    .selectFrom("ticket_page")
    .select(["account_id as accountId", "ticket_id as ticketId", "secret_hash as secretHash"])
    .where("secret_hash", "=", secretHash)
    .executeTakeFirst();
}

/** What its visitor may read of a ticket, oldest first. */
export type PageEntry = Awaited<ReturnType<typeof findPageEntries>>[number];

const ON_PAGE = [
  ...["reply", "ask", "offer", "accept", "dispute", "inform", "solve", "reopen", "close"],
  ...["facts", "priority", "contact-asked", "contact-here", "fall-announced", "fall-held"],
  ...["closing-announced", "rated", "followed-up"],
  ...MERGE_EVENTS,
  ...["desk-refused", "gave-up", "file-refused"],
];

export async function findPageEntries(db: Db, ref: TicketRef) {
  return db
    .selectFrom("ticket_history as step")
    .leftJoin("comment", (join) =>
      join.onRef("comment.account_id", "=", "step.account_id").onRef("comment.id", "=", "step.id"),
    )
    .leftJoin("workaround_offer as offer", (join) =>
      join
        .onRef("offer.account_id", "=", "step.account_id")
        .onRef("offer.id", "=", "step.id")
        .on("offer.answer", "is", null),
    )
    .select(["step.id", "step.at", "event", "actor_kind", "actor_name", "detail", "body"])
    .select("offer.id as openOffer")
    .select(sql<string | null>`detail ->> 'reference'`.as("reference"))
    .where("step.account_id", "=", ref.accountId)
    .where("step.ticket_id", "=", ref.ticketId)
    .where("event", "in", ON_PAGE)
    .orderBy("step.at")
    .orderBy(sql`event = 'file-refused'`) // written with the reply that the file came with
    .orderBy("step.id")
    .execute();
}

type Row = {
  id: string;
  email: string;
  language: Language;
  draft: unknown;
  account_id: string | null;
  ticket_id: string | null;
};

function read({ account_id: accountId, ticket_id: ticketId, draft, ...request }: Row): WebRequest {
  return {
    ...request,
    draft: draft as KeptDraft, // we wrote it
    ticket: accountId && ticketId ? { accountId, ticketId } : undefined,
  };
}
