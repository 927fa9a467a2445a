import type { Policy } from "#accounts/ask.ts";
import type { Tx } from "#db/connect.ts";
import type { JobPayload } from "#jobs/catalogue.ts";
import type { Handlers, Run } from "#jobs/handlers.ts";
import { enqueue } from "#jobs/queue.ts";
import { NoSuchAddress } from "#mail/mailer.ts";
import { hasLeft, sayDirectly } from "#slack/direct.ts";
import { textsOf } from "#text/texts.ts";
import { askKey, contactQuestion } from "./contact-views.ts";
import type { TicketNeeds } from "./jobs.ts";
import { mustMail } from "./jobs-mail.ts";
import { contactMail, mailZone } from "./mail-views.ts";
import { contactHappened, review } from "./review.ts";
import { findTicket, lockTicket, type Ticket, withTicket } from "./store.ts";
import {
  type Ask,
  askedAs,
  beginAnswerTime,
  contactOf,
  findAsk,
  isStillUnsaid,
  isTurnOver,
  momentIn,
  saveSecretHash,
} from "./store-contact.ts";

const LOOK_AGAIN_MS = 60_000;
const BURIED_MS = 3_600_000;

type ContactJobs = Pick<Handlers, "ticket.ask-contact" | "ticket.contact-due" | "ticket.review">;
type Asking = JobPayload<"ticket.ask-contact">;

/** The living contract between two acts of people: who is asked, when a turn ends, what that does to the priority. */
export function contactJobs(needs: TicketNeeds): ContactJobs {
  const { db, policy } = needs;

  return {
    "ticket.ask-contact": {
      async run(payload, run) {
        try {
          await ask(payload, run);
        } catch (error) {
          if (!hasLeft(error) && !(error instanceof NoSuchAddress)) throw error;
          await db.transaction().execute((tx) => cannotBeAsked(tx, policy(), payload));
        }
      },
      bury: (tx, payload) => cannotBeAsked(tx, policy(), payload),
    },

    "ticket.contact-due": {
      async run({ turn, ...ref }) {
        await withTicket(db, ref, async (tx, ticket) => {
          const { contact_turn, contact_due_at: dueAt } = ticket;
          if (contact_turn !== turn || !dueAt) return;
          // The question reached Slack later than it was asked, or the database's clock was set back.
          if (!(await isTurnOver(tx, ref)))
            return enqueue(tx, "ticket.contact-due", { ...ref, turn }, { runAt: dueAt });
          // Nobody is silent who was not asked, and no priority falls before that is announced.
          if (await isStillUnsaid(tx, ticket)) {
            const runAt = await momentIn(tx, LOOK_AGAIN_MS);
            return enqueue(tx, "ticket.contact-due", { ...ref, turn }, { runAt });
          }
          await contactHappened(tx, policy(), ticket, { event: "due" });
        });
      },
      /** Every turn has an end, also one that could not be taken for some hours. */
      async bury(tx, payload) {
        const runAt = await momentIn(tx, BURIED_MS);
        await enqueue(tx, "ticket.contact-due", payload, { runAt });
      },
    },

    "ticket.review": {
      async run({ reason, ...ref }) {
        await db.transaction().execute((tx) => review(tx, policy(), ref, reason));
      },
    },
  };

  async function ask(payload: Asking, run: Run): Promise<void> {
    const { reader, channelId, ...rest } = payload;
    const { askId, turn, ...ref } = rest;
    const asked = await findAsk(db, { ...ref, askId });
    const ticket = await findTicket(db, ref);
    if (ticket.contact_turn !== turn) return; // somebody else is there meanwhile, or the ticket is solved
    const to = contactOf(asked);
    const as = await askedAs(db, asked);
    const next =
      "email" in to
        ? await mailQuestion(run, ticket, { ask: asked, to: to.email })
        : await sayDirectly(needs, run, {
            key: askKey(asked),
            to,
            way: { reader, channelId },
            draw: ({ language }) => contactQuestion(textsOf(language), ticket, { ask: asked, as }),
          });
    await db.transaction().execute(async (tx) => {
      if (!next) return beginAnswerTime(tx, rest, policy().priority.contact_minutes);
      const { way, ...where } = next;
      await enqueue(tx, "ticket.ask-contact", { ...rest, ...way }, where);
    });
  }

  /** It says nothing but its link: better twice than never. */
  async function mailQuestion(
    run: Run,
    ticket: Ticket,
    { ask, to }: { ask: Ask; to: string },
  ): Promise<undefined> {
    const { mailer, links } = mustMail(needs);
    const { url, hash } = links.contact(ask.id);
    await saveSecretHash(db, ask, hash);
    const timeZone = mailZone(ticket.language, policy());
    const mail = { to, ...contactMail(textsOf(ticket.language), ticket, { url, timeZone }) };
    await mailer.send(run, `contact:${ask.id}`, mail, { mayComeTwice: true });
  }
}

/** They are gone, or cannot be written to: the next one is asked at once. */
async function cannotBeAsked(
  tx: Tx,
  policy: Policy,
  { askId, turn, accountId, ticketId }: Asking,
): Promise<void> {
  const ref = { accountId, ticketId };
  const ticket = await lockTicket(tx, ref);
  if (ticket.contact_turn !== turn) return;
  const ask = await findAsk(tx, { ...ref, askId });
  await contactHappened(tx, policy, ticket, { event: "unavailable", ask });
}
