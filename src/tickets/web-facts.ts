import type { PolicyNow } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import { Problem } from "#errors.ts";
import type { Texts } from "#text/texts.ts";
import { correctFacts, shownFacts } from "./facts.ts";
import { findTicket, type Ticket, type TicketRef } from "./store.ts";
import { nextStatus } from "./ticket.ts";
import { readWebContract, type WebContract, type WebFaults } from "./web-draft.ts";
import { findPage } from "./web-page.ts";

type Values = Record<string, string>;
export type WebFacts = ReturnType<typeof createWebFacts>;

/** The facts of a ticket, corrected by its visitor on a page. */
export function createWebFacts({ db, policy }: { db: Db; policy: PolicyNow }) {
  return {
    /** As the form opens; undefined for a secret that is none. A Problem where the ticket has ended. */
    async open(secret: string): Promise<{ ticket: Ticket; values: Values } | undefined> {
      const found = await find(secret);
      if (!found) return undefined;
      const { ticket } = found;
      const { contact_name: contactName, contact_email: contactEmail } = ticket;
      const contact = contactName && contactEmail ? { contactName, contactEmail } : {};
      return { ticket, values: { ...shownFacts(ticket), ...contact } };
    },

    /** Undefined when it is done; a sentence for each field that keeps it from being saved. */
    async correct(
      secret: string,
      { t, values, key }: { t: Texts; values: Values; key: string },
    ): Promise<WebFaults | undefined> {
      const found = await find(secret);
      if (!found) throw new Problem("ticket-not-found", {});
      const { ref, ticket } = found;
      const known = ticket.contact_user_id ?? undefined; // somebody of the account who stands in
      const read = readWebContract(t, policy(), { values, known });
      if ("faults" in read) return read.faults;
      await correctFacts(db, ref, {
        draft: read.draft,
        contact: newContact(ticket, read.draft),
        policy: policy(),
        by: { kind: "requester", userId: null, name: ticket.requester_name },
        delivery: { source: "web", key },
      });
      return undefined;
    },
  };

  async function find(secret: string): Promise<{ ref: TicketRef; ticket: Ticket } | undefined> {
    const ref = await findPage(db, secret);
    if (!ref) return undefined;
    const ticket = await findTicket(db, ref);
    nextStatus("take", ticket); // one that has ended stays as it was
    return { ref, ticket };
  }
}

/** Undefined: nobody new is named. Whoever could not be reached, and is named again, is asked again. */
function newContact(ticket: Ticket, { contactName: name, contactEmail: email }: WebContract) {
  if (!name || !email) return undefined;
  const isSame = email === ticket.contact_email && name === ticket.contact_name;
  return isSame && ticket.contact_state !== "absent" ? undefined : { name, email };
}
