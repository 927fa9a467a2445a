import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { z } from "zod";
import {
  accountIdOfMail,
  findAccountOfMail,
  type PolicyNow,
  topicOf,
  UNVERIFIED_ACCOUNT,
} from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import { onceDelivered, RepeatedDelivery, takeDelivery } from "#db/inbox.ts";
import type { Language } from "#db/tables.ts";
import { Problem } from "#errors.ts";
import { faultPoint } from "#fault-points.ts";
import { mailLane } from "#jobs/lanes.ts";
import { enqueue } from "#jobs/queue.ts";
import type { Texts } from "#text/texts.ts";
import { takeStep } from "./step.ts";
import { findTicket, insertFiledTicket, type Ticket } from "./store.ts";
import {
  findPageEntries,
  findRequestToConfirm,
  findTicketOfPage,
  insertWebRequest,
  lockWebRequest,
  type PageEntry,
  saveFiledRequest,
  saveTicketPage,
  type WebRequest,
} from "./store-web.ts";
import { readWebDraft, type WebDraft } from "./web-draft.ts";
import { hashOf, isSameHash, type WebLinks } from "./web-links.ts";

export type TicketPage = { ticket: Ticket; entries: PageEntry[] };
export type PageStep = { step: "inform"; body: string } | { step: "solve" | "reopen" };
export type WebTickets = ReturnType<typeof createWebTickets>;

type Needs = {
  db: Db;
  policy: PolicyNow;
  links: WebLinks;
  /** Makes the account of those whom no other knows, with the plan that the policy gives them. */
  openUnverifiedAccount(): Promise<void>;
};

const Asked = z.object({});

/** Tickets of people without Slack: asked for by anybody, filed by whoever reads the mail of the address. */
export function createWebTickets({ db, policy, links, openUnverifiedAccount }: Needs) {
  return {
    read: (t: Texts, values: Record<string, string>) => readWebDraft(t, policy(), values),

    /** Kept for a day, and one fixed mail to the address. Nothing is filed. The same `key` twice is one request. */
    async ask(draft: WebDraft, { language, key }: { language: Language; key: string }) {
      const id = randomUUID();
      const tokenHash = links.confirm(id).hash;
      await onceDelivered(db, { source: "web", key, answer: Asked }, () =>
        db.transaction().execute(async (tx) => {
          await takeDelivery(tx, "web", key);
          await insertWebRequest(tx, { id, tokenHash, language, draft });
          await enqueue(tx, "request.mail-link", { requestId: id });
          return {};
        }),
      );
    },

    /** What waits for its confirmation; undefined for a secret that is none, or none any more. */
    async find(secret: string): Promise<(WebRequest & { isFree: boolean }) | undefined> {
      const request = await findConfirmable(secret);
      if (!request) return undefined;
      const account = await findAccountOfMail(db, request.email);
      return { ...request, isFree: (account?.plan ?? policy().default_plan) === "free" };
    },

    /** Filed: the address of its page, the same however often it is confirmed. */
    async confirm(secret: string): Promise<{ url: string } | "free" | undefined> {
      const request = await findConfirmable(secret);
      if (!request) return undefined;
      try {
        return await file(request);
      } catch (error) {
        if (error instanceof Problem && error.code === "no-account") return "free";
        throw error;
      }
    },

    async page(secret: string): Promise<TicketPage | undefined> {
      const ref = await findPage(secret);
      if (!ref) return undefined;
      const [ticket, entries] = await Promise.all([findTicket(db, ref), findPageEntries(db, ref)]);
      return { ticket, entries };
    },

    /** A Problem where the ticket's state does not allow it. */
    async step(secret: string, taken: PageStep & { key: string }): Promise<void> {
      const ref = await findPage(secret);
      if (!ref) throw new Problem("ticket-not-found", {});
      const { requester_name: name } = await findTicket(db, ref);
      await takeStep(db, ref, {
        step: taken.step,
        by: { kind: "requester", userId: null, name },
        ...("body" in taken && { body: taken.body }),
        delivery: { source: "web", key: taken.key },
      });
    },
  };

  async function findConfirmable(secret: string) {
    const hash = hashOf(secret);
    const request = await findRequestToConfirm(db, hash);
    return request && isSameHash(request.tokenHash, hash) ? request : undefined;
  }
  async function findPage(secret: string) {
    const hash = hashOf(secret);
    const page = await findTicketOfPage(db, hash);
    return page && isSameHash(page.secretHash, hash)
      ? { accountId: page.accountId, ticketId: page.ticketId }
      : undefined;
  }

  async function file({ id }: WebRequest): Promise<{ url: string } | undefined> {
    await openUnverifiedAccount();
    await faultPoint("web.before-commit");
    const filed = await db.transaction().execute(async (tx) => {
      const request = await lockWebRequest(tx, id);
      if (!request) return undefined;
      if (request.ticket) return links.page(request.ticket.ticketId);
      const { email } = request;
      const filed = await insertFiledTicket(tx, rowOf(request), {
        accountId: sql`coalesce(${accountIdOfMail(email)}, ${UNVERIFIED_ACCOUNT})`,
        delivery: { source: "web", key: `confirm:${id}` },
      });
      if (!filed) throw new RepeatedDelivery(id);
      const ref = { accountId: filed.accountId, ticketId: filed.id };
      const page = links.page(filed.id);
      await saveTicketPage(tx, ref, page.hash);
      await saveFiledRequest(tx, id, ref);
      await enqueue(tx, "ticket.file", ref);
      await enqueue(tx, "ticket.mail-filed", ref, { lane: mailLane(filed.id) });
      return page;
    });
    await faultPoint("web.after-commit");
    return filed;
  }

  function rowOf({ email, language, draft }: WebRequest) {
    const { name, email: _same, topic, why, contactName, contactEmail, ...facts } = draft;
    const topicName = topicOf(policy(), topic ?? "")?.name[language];
    return {
      ...facts,
      language,
      requester_name: name,
      requester_email: email,
      ...(topic && { topic, topic_name: topicName ?? topic }),
      ...(why && { why }),
      ...(contactName &&
        contactEmail && { contact_name: contactName, contact_email: contactEmail }),
    };
  }
}
