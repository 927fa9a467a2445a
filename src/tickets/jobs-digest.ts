import { accountName } from "#accounts/ask.ts";
import type { Language } from "#db/tables.ts";
import type { JobPayload } from "#jobs/catalogue.ts";
import type { Handlers, Run } from "#jobs/handlers.ts";
import { AGENTS_CHANNEL_NOTICE, agentsTexts, orExplain } from "./agents-channel.ts";
import { digestMessage, LISTED_MOST } from "./digest-views.ts";
import type { TicketNeeds } from "./jobs.ts";
import { postTriageCard } from "./outbox.ts";
import { lockTicket, type Ticket } from "./store.ts";
import { chooseForDigest, doMoreWait, findListed, markListed } from "./store-digest.ts";

const CARDS_AT_ONCE = 20; // a second each; more is a flood, which nobody reads card by card

type Digest = JobPayload<"ticket.post-digest">;

/** Many new tickets in one message of the agents' channel. */
export function digestJobs(needs: TicketNeeds): Pick<Handlers, "ticket.post-digest"> {
  return {
    "ticket.post-digest": {
      run: (digest, run) => postDigest(needs, run, digest),
      async bury(tx, { tickets }) {
        for (const ref of tickets) {
          const ticket = await lockTicket(tx, ref);
          await postTriageCard(tx, ticket, needs.agentsChannel, { alone: true });
        }
      },
    },
  };
}

/** Makes the triage card under way a digest of all that wait with it, if so many do. `wasPosted`: it may stand. */
export async function postAsDigest(
  needs: TicketNeeds,
  run: Run,
  wasPosted: () => Promise<boolean>,
): Promise<boolean> {
  if (!(await doMoreWait(needs.db, run.id, CARDS_AT_ONCE)) || (await wasPosted())) return false;
  const digest = await run.absorb("digest", async (tx) => {
    const chosen = await chooseForDigest(tx, run.id, LISTED_MOST);
    if (chosen.length < 2) return undefined; // others hold them
    const tickets = chosen.map(({ accountId, ticketId }) => ({ accountId, ticketId }));
    await markListed(tx, tickets);
    const jobIds = chosen.map(({ jobId }) => jobId);
    return { name: "ticket.post-digest", payload: { tickets }, jobIds };
  });
  if (digest) await postDigest(needs, run, digest);
  return digest !== undefined;
}

async function postDigest(needs: TicketNeeds, run: Run, { tickets: refs }: Digest): Promise<void> {
  const { db, messenger, agentsChannel, notices, policy } = needs;
  const tickets = await findListed(db, refs);
  const accountIds = [...new Set(tickets.map((ticket) => ticket.account_id))];
  const names = await Promise.all(accountIds.map((id) => accountName(db, id)));
  const accounts = new Map(accountIds.map((id, n) => [id, names[n] ?? id]));
  const t = agentsTexts(policy(), { language: languageOfMost(tickets) });
  const message = digestMessage(t, tickets, accounts);
  await orExplain(notices, messenger.post(run, `digest:${run.id}`, agentsChannel, message));
  await notices.clear(AGENTS_CHANNEL_NOTICE);
}

/** One message has one language: that of most of its tickets. */
export function languageOfMost(tickets: readonly Ticket[]): Language {
  const japanese = tickets.filter(({ language }) => language === "ja").length;
  return japanese * 2 >= tickets.length ? "ja" : "en";
}
