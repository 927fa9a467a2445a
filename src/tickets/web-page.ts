import { z } from "zod";
import type { Db } from "#db/connect.ts";
import { Problem } from "#errors.ts";
import { type Opened, openFollowUp } from "./follow-up.ts";
import { refOf } from "./outbox.ts";
import { rate } from "./rate.ts";
import type { FileRefusal } from "./settle-file.ts";
import { type StepTaken, takeStep } from "./step.ts";
import { findTicket, type Ticket, type TicketRef } from "./store.ts";
import { findFollowUp } from "./store-cards.ts";
import { findRating, type Rating, type Score } from "./store-ending.ts";
import { findAttachments, type StandingAttachment } from "./store-files.ts";
import { findPageEntries, findTicketOfPage, type PageEntry, saveTicketPage } from "./store-web.ts";
import { ticketNumber } from "./ticket.ts";
import { type PassedFile, recordRefusals, type SentFile, type WebFiles } from "./web-files.ts";
import { hashOf, isSameHash, type WebLinks } from "./web-links.ts";
import { acceptOffer, disputeOffer } from "./workaround.ts";

export type TicketPage = {
  ticket: Ticket;
  entries: PageEntry[];
  attachments: StandingAttachment[];
  /** How the help was, as they said last. */
  rating: Rating | undefined;
  /** The ticket that this one goes on with, and the one that goes on with it. */
  before: Neighbour | undefined;
  next: Neighbour | undefined;
};
/** `url`: of its own page. */
export type Neighbour = { number: string; url: string };
/**
 * `passed`: names of files that came along and are where the ticket is; `refused`: those that are not. `offerId`: the
 * workaround that is answered, as the page has it.
 */
export type PageStep =
  | {
      step: "inform";
      body?: string;
      passed?: readonly string[];
      refused?: readonly FileRefusal[];
    }
  | { step: "accept"; offerId: string }
  | { step: "dispute"; offerId: string; body: string }
  /** How the help was, once the ticket is closed. */
  | { step: "rate"; score: Score; words?: string }
  /** In a ticket that follows this one, which is closed. */
  | { step: "go-on"; body: string }
  | { step: "solve" | "close" };
export type WebPages = ReturnType<typeof createWebPages>;

/** The pages of tickets that were filed by the web form: whoever has the address of one reads it and goes on with it. */
export function createWebPages({ db, files, links }: { db: Db; files: WebFiles; links: WebLinks }) {
  return {
    async find(secret: string): Promise<TicketPage | undefined> {
      const ref = await findPage(db, secret);
      if (!ref) return undefined;
      const [ticket, entries, attachments, rating, next] = await Promise.all([
        findTicket(db, ref),
        findPageEntries(db, ref),
        findAttachments(db, ref),
        findRating(db, ref),
        findFollowUp(db, ref),
      ]);
      const { follows_id: id, follows_number: number } = ticket;
      const before = id && number ? neighbour({ id, number }) : undefined;
      return { ticket, entries, attachments, rating, before, next: next && neighbour(next) };
    },

    canTakeFiles: files.canTake,

    /** Before the step that it belongs to. The same content twice is one file. RetryLater: not now. */
    async passOn({ ticket }: TicketPage, file: SentFile): Promise<PassedFile> {
      return files.passOn(refOf(ticket), file);
    },

    /** A Problem where the ticket's state does not allow it. With a page where they go on from there. */
    async step(
      secret: string,
      taken: PageStep & { key: string },
    ): Promise<{ url: string } | undefined> {
      const ref = await findPage(db, secret);
      if (!ref) throw new Problem("ticket-not-found", {});
      const ticket = await findTicket(db, ref);
      const delivery = { source: "web", key: taken.key } as const;
      const by = { kind: "requester", userId: null, name: ticket.requester_name } as const;
      if (taken.step === "go-on") return goOn(ticket, { by, description: taken.body, delivery });
      if (taken.step === "rate") {
        await rate(db, ticket, { ...taken, delivery });
        return undefined;
      }
      await takeStep(db, ref, {
        step: taken.step,
        by,
        ...(taken.step === "inform" && contentOf(ref, taken)),
        ...(taken.step === "dispute" && { body: taken.body }),
        ...("offerId" in taken && { also: answerTo(ticket, taken) }),
        delivery,
      });
      return undefined;
    },
  };

  /** The new one's page is there at once: their address is confirmed. */
  async function goOn(ticket: Ticket, said: Omit<Opened, "subject">): Promise<{ url: string }> {
    const { subject, status } = ticket;
    if (status !== "closed") throw new Problem("not-ended", { number: ticketNumber(ticket) });
    await openFollowUp(db, ticket, { subject, ...said });
    const next = await findFollowUp(db, refOf(ticket));
    if (!next) throw new Error("the follow-up that was just opened is not there");
    const { url, hash } = links.page(next.id);
    await saveTicketPage(db, { accountId: ticket.account_id, ticketId: next.id }, hash);
    return { url };
  }

  function neighbour({ id, number }: { id: string; number: number }): Neighbour {
    return { number: ticketNumber({ number }), url: links.page(id).url };
  }
}

/** The ticket whose page has this secret. */
export async function findPage(db: Db, secret: string): Promise<TicketRef | undefined> {
  const hash = hashOf(secret);
  const page = await findTicketOfPage(db, hash);
  return page && isSameHash(page.secretHash, hash)
    ? { accountId: page.accountId, ticketId: page.ticketId }
    : undefined;
}

function answerTo(
  ticket: Ticket,
  { step, offerId }: { step: "accept" | "dispute"; offerId: string },
) {
  if (!z.uuid().safeParse(offerId).success)
    throw new Problem("offer-answered", { number: ticketNumber(ticket) });
  return step === "accept" ? acceptOffer(offerId) : disputeOffer(offerId);
}

function contentOf(
  ref: TicketRef,
  { body, passed = [], refused = [] }: PageStep & { step: "inform" },
): Pick<StepTaken, "body" | "passed" | "also"> {
  return {
    ...(body !== undefined && { body }),
    ...(passed.length > 0 && { passed }),
    also: (tx) => recordRefusals(tx, ref, refused),
  };
}
