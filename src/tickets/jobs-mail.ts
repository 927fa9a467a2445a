import type { PolicyNow } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import type { Handlers, Run } from "#jobs/handlers.ts";
import { type Mail, type Mailer, NoSuchAddress } from "#mail/mailer.ts";
import { textsOf } from "#text/texts.ts";
import { failureMail, filedMail, linkMail, mailZone, stepMail } from "./mail-views.ts";
import { mergedIntoBy } from "./merge-said.ts";
import { refOf, tellAgents } from "./outbox.ts";
import { findTicket, lockTicket, type Ticket, type TicketRef, withTicket } from "./store.ts";
import { findTicketAtStep, insertFailure, isFailureKnown } from "./store-history.ts";
import { findWebRequest, saveTicketPage, saveTokenHash } from "./store-web.ts";
import type { WebLinks } from "./web-links.ts";

type MailJobs = Pick<
  Handlers,
  "ticket.mail-filed" | "ticket.mail-step" | "ticket.mail-failure" | "request.mail-link"
>;
type Needs = Ways & { db: Db; policy: PolicyNow };

/** What requesters without Slack are told by mail. What it says stands on their page, too. */
export function mailJobs({ db, policy, ...ways }: Needs): MailJobs {
  return {
    "request.mail-link": {
      async run({ requestId }, run) {
        const { mailer, links } = mustMail(ways);
        const request = await findWebRequest(db, requestId);
        if (!request) return; // its day is over
        const { url, hash } = links.confirm(requestId);
        await saveTokenHash(db, requestId, hash);
        const mail = linkMail(textsOf(request.language), request.email, url);
        // It says nothing but its link: better twice than never.
        const sending = mailer.send(run, `link:${requestId}`, mail, { mayComeTwice: true });
        await sending.catch(unlessNobodyIsThere);
      },
    },

    "ticket.mail-filed": {
      async run(ref, run) {
        const ticket = await findTicket(db, ref);
        const key = `filed:${ticket.id}`;
        await send(run, ticket, { key, page: ref }, (t, url) => filedMail(t, ticket, url));
      },
      bury: onUnsent,
    },

    "ticket.mail-step": {
      async run({ historyId, ...ref }, run) {
        const { ticket, step } = await findTicketAtStep(db, { ...ref, historyId });
        const page = { ...ref, ticketId: mergedIntoBy(step.history) ?? ref.ticketId };
        const key = `step:${historyId}`;
        const timeZone = mailZone(ticket.language, policy());
        await send(run, ticket, { key, page }, (t, url) =>
          stepMail(t, ticket, step, { url, timeZone }),
        );
      },
      bury: onUnsent,
    },

    "ticket.mail-failure": {
      async run({ what, reference, ...ref }, run) {
        const ticket = await findTicket(db, ref);
        const failure = { what, reference };
        const key = `failure:${reference}`;
        await send(run, ticket, { key, page: ref }, (t, url) =>
          failureMail(t, ticket, failure, url),
        );
      },
      bury: onUnsent,
    },
  };

  /** Anybody may type an address that there is not: no operator needs to look at it. */
  function unlessNobodyIsThere(error: unknown): void {
    if (!(error instanceof NoSuchAddress)) throw error;
  }
  /** `page`: the ticket on whose page they go on. */
  async function send(
    run: Run,
    ticket: Ticket,
    { key, page }: { key: string; page: TicketRef },
    draw: (t: ReturnType<typeof textsOf>, url: string) => Omit<Mail, "to">,
  ): Promise<void> {
    const { mailer, links } = mustMail(ways);
    const { requester_email: to } = ticket;
    if (!to) throw new Error("its requester has no e-mail address");
    const { url, hash } = links.page(page.ticketId);
    await saveTicketPage(db, page, hash); // the key may be another one than when it was filed
    const mail = { to, ...draw(textsOf(ticket.language), url) };
    if ((await mailer.send(run, key, mail)) === "sent") return;
    const reference = run.id.slice(0, 8);
    await withTicket(db, refOf(ticket), async (tx, now) => {
      const failure = { event: "mail-uncertain", reference } as const;
      if (await isFailureKnown(tx, refOf(now), failure)) return;
      await tellAgents(tx, now, await insertFailure(tx, refOf(now), failure));
    });
  }

  /** Given up: the agents are told, for the visitor has only the page. */
  async function onUnsent(
    ...[tx, { accountId, ticketId }, { reference }]: Parameters<
      NonNullable<Handlers["ticket.mail-filed"]["bury"]>
    >
  ): Promise<void> {
    const ticket = await lockTicket(tx, { accountId, ticketId });
    const failure = { event: "unreachable", reference, byMail: true } as const;
    await tellAgents(tx, ticket, await insertFailure(tx, refOf(ticket), failure));
  }
}

type Ways = { mailer?: Mailer | undefined; links?: WebLinks | undefined };

/** Both are there as long as the web form is on. */
export function mustMail({ mailer, links }: Ways) {
  if (!mailer || !links) throw new Error("SMTP_URL is no longer set, and a mail waits");
  return { mailer, links };
}
