import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { z } from "zod";
import {
  accountIdOfMail,
  findAccountOfMail,
  type PolicyNow,
  type Topic,
  topicOf,
  UNVERIFIED_ACCOUNT,
} from "#accounts/ask.ts";
import type { Db, Tx } from "#db/connect.ts";
import { onceDelivered, RepeatedDelivery, takeDelivery } from "#db/inbox.ts";
import type { Language } from "#db/tables.ts";
import { Problem } from "#errors.ts";
import { faultPoint } from "#fault-points.ts";
import { mailLane } from "#jobs/lanes.ts";
import { enqueue } from "#jobs/queue.ts";
import type { Texts } from "#text/texts.ts";
import { findTicket, insertFiledTicket, type TicketRef } from "./store.ts";
import {
  findRequestToConfirm,
  insertWebRequest,
  lockWebRequest,
  saveFiledRequest,
  saveTicketPage,
  type WebRequest,
} from "./store-web.ts";
import { ticketNumber } from "./ticket.ts";
import { readWebDraft, type WebDraft } from "./web-draft.ts";
import { hashOf, isSameHash, type WebLinks } from "./web-links.ts";

/**
 * What waits for its confirmation, and what keeps it from being filed: that it is, its plan, or that its topic is
 * another team's.
 */
export type FoundRequest = WebRequest & {
  filed: { number: string; url: string } | undefined;
  isFree: boolean;
  redirect: Topic["redirect"];
};
export type WebRequests = ReturnType<typeof createWebRequests>;

type Needs = {
  db: Db;
  policy: PolicyNow;
  links: WebLinks;
  /** Makes the account of those whom no other knows, with the plan that the policy gives them. */
  openUnverifiedAccount(): Promise<void>;
};

const Asked = z.object({});

/** Tickets of people without Slack: asked for by anybody, filed by whoever reads the mail of the address. */
export function createWebRequests({ db, policy, links, openUnverifiedAccount }: Needs) {
  return {
    read: (t: Texts, values: Record<string, string>) => readWebDraft(t, policy(), values),

    /** Kept for a day, and one fixed mail to the address. Nothing is filed. The same `key` twice is one request. */
    async ask(draft: WebDraft, { language, key }: { language: Language; key: string }) {
      const id = randomUUID();
      const tokenHash = links.confirm(id).hash;
      const topicName = topicOf(policy(), draft.topic ?? "")?.name[language];
      await onceDelivered(db, { source: "web", key, answer: Asked }, () =>
        db.transaction().execute(async (tx) => {
          await takeDelivery(tx, "web", key);
          await insertWebRequest(tx, { id, tokenHash, language, draft: { ...draft, topicName } });
          await enqueue(tx, "request.mail-link", { requestId: id });
          return {};
        }),
      );
    },

    /** Undefined for a secret that is none, or none any more. */
    async find(secret: string): Promise<FoundRequest | undefined> {
      const request = await findConfirmable(secret);
      if (!request) return undefined;
      const account = await findAccountOfMail(db, request.email);
      const isFree = (account?.plan ?? policy().default_plan) === "free";
      const filed = request.ticket && (await filedAs(request.ticket));
      return { ...request, filed, isFree, redirect: redirectOf(request) };
    },

    /** Filed: the address of its page, the same however often it is confirmed. Else why it is not. */
    async confirm(secret: string): Promise<{ url: string } | "free" | "elsewhere" | undefined> {
      const request = await findConfirmable(secret);
      if (!request) return undefined;
      try {
        return await file(request);
      } catch (error) {
        if (error instanceof Problem && error.code === "no-account") return "free";
        throw error;
      }
    },
  };

  async function findConfirmable(secret: string) {
    const hash = hashOf(secret);
    const request = await findRequestToConfirm(db, hash);
    return request && isSameHash(request.tokenHash, hash) ? request : undefined;
  }

  async function filedAs(ref: TicketRef) {
    const ticket = await findTicket(db, ref);
    return { number: ticketNumber(ticket), url: links.page(ticket.id).url };
  }

  /** Where another team has had its topic since it was sent. What is filed stays filed. */
  function redirectOf({ ticket, draft }: WebRequest): Topic["redirect"] {
    return ticket ? undefined : topicOf(policy(), draft.topic ?? "")?.redirect;
  }

  async function file({ id }: WebRequest): Promise<{ url: string } | "elsewhere" | undefined> {
    await openUnverifiedAccount();
    await faultPoint("web.before-commit");
    const filed = await db.transaction().execute(async (tx) => {
      const request = await lockWebRequest(tx, id);
      if (!request) return undefined;
      if (request.ticket) return links.page(request.ticket.ticketId);
      if (redirectOf(request)) return "elsewhere";
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
      await goOn(tx, ref, request);
      return page;
    });
    await faultPoint("web.after-commit");
    return filed;
  }

  function rowOf({ email, language, draft }: WebRequest) {
    const { name, email: _same, topic, topicName: had, why, ...others } = draft;
    const { contactName, contactEmail, ...facts } = others;
    const topicName = topicOf(policy(), topic ?? "")?.name[language] ?? had;
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

async function goOn(tx: Tx, ref: TicketRef, { draft }: WebRequest): Promise<void> {
  await enqueue(tx, "ticket.file", ref);
  if (draft.contactEmail) await enqueue(tx, "ticket.review", { ...ref, reason: "policy" });
  await enqueue(tx, "ticket.mail-filed", ref, { lane: mailLane(ref.ticketId) });
}
