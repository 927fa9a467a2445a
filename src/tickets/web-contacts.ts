import type { PolicyNow } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import { answerAsContact, type ContactSays } from "./contact-answer.ts";
import { findTicket, type Ticket } from "./store.ts";
import { type Ask, type AskedAs, askedAs, findAskOfPage } from "./store-contact.ts";
import { hashOf, isSameHash } from "./web-links.ts";

/** What somebody sees who was asked by mail to be the contact. */
export type ContactPage = { ticket: Ticket; ask: Ask; as: AskedAs };
export type WebContacts = ReturnType<typeof createWebContacts>;

/** Contacts without Slack: whoever has the link of the mail answers for its address. */
export function createWebContacts({ db, policy }: { db: Db; policy: PolicyNow }) {
  return {
    /** Undefined for a secret that is none. */
    async page(secret: string): Promise<ContactPage | undefined> {
      const hash = hashOf(secret);
      const ask = await findAskOfPage(db, hash);
      if (!ask?.secret_hash || !isSameHash(ask.secret_hash, hash)) return undefined;
      const ref = { accountId: ask.account_id, ticketId: ask.ticket_id };
      const [ticket, as] = await Promise.all([findTicket(db, ref), askedAs(db, ask)]);
      return { ticket, ask, as };
    },

    /** Problem("contact-not-needed") when the ticket asks for none any more. The same `key` twice is one answer. */
    async answer({ ask }: ContactPage, { says, key }: { says: ContactSays; key: string }) {
      const delivery = { source: "web", key } as const;
      await answerAsContact({ db, policy: policy() }, { ask, says, delivery });
    },
  };
}
