import { RetryLater } from "#errors.ts";
import type { JobPayload } from "#jobs/catalogue.ts";
import type { Handlers, Run } from "#jobs/handlers.ts";
import { findOutsideWrite } from "#jobs/outside-writes.ts";
import { enqueue } from "#jobs/queue.ts";
import { hasLeft, sayDirectly } from "#slack/direct.ts";
import { isGone } from "#slack/failures.ts";
import { textsOf } from "#text/texts.ts";
import { askKey, contactQuestion, notNeeded } from "./contact-views.ts";
import type { TicketNeeds } from "./jobs.ts";
import { findTicket, type TicketRef } from "./store.ts";
import {
  type Ask,
  askedAs,
  contactOf,
  findAsk,
  isAskUnderWay,
  isUnanswered,
} from "./store-contact.ts";

type Needs = Pick<TicketNeeds, "db" | "messenger" | "people">;

/** A question that nobody needs an answer to says so, and asks again once the answer is needed again. */
export function askJobs(needs: Needs): Pick<Handlers, "ticket.edit-ask"> {
  const { db } = needs;

  return {
    "ticket.edit-ask": {
      async run(payload, run) {
        const ask = await findAsk(db, payload);
        if (!isUnanswered(ask) && !(await isThankedInVain(payload, ask))) return; // with their answer it was drawn again
        // First whether it is under way: what is posted after that is found.
        if (await isAskUnderWay(db, ask)) throw new RetryLater("the question is under way");
        const ts = await findPosted(ask);
        if (!ts) return;
        await edit(payload, run, { ask, ts }).catch(orNobodysThere);
      },
    },
  };

  /** They are there, and the ticket has no contact any more. */
  async function isThankedInVain(ref: TicketRef, { answer }: Ask): Promise<boolean> {
    return answer === "here" && (await findTicket(db, ref)).contact_state === "off";
  }

  /** Undefined: it never was, or so long ago that nobody knows where. */
  async function findPosted(ask: Ask): Promise<string | undefined> {
    const written = await findOutsideWrite(db, askKey(ask));
    const ts = written?.reference?.ts;
    return typeof ts === "string" ? ts : undefined;
  }
  async function edit(
    { reader, channelId, ...rest }: JobPayload<"ticket.edit-ask">,
    run: Run,
    { ask, ts }: { ask: Ask; ts: string },
  ): Promise<void> {
    const to = contactOf(ask);
    if ("email" in to) return;
    const ticket = await findTicket(db, rest);
    const as = await askedAs(db, ask);
    const next = await sayDirectly(needs, run, {
      ...{ key: `ticket.edit-ask:${ask.id}:${rest.turn}`, to, ts },
      way: { reader, channelId },
      draw: ({ language }) => {
        const t = textsOf(language);
        return notNeeded(t, ticket) ?? contactQuestion(t, ticket, { ask, as });
      },
    });
    if (!next) return;
    const { way, ...where } = next;
    await db
      .transaction()
      .execute((tx) => enqueue(tx, "ticket.edit-ask", { ...rest, ...way }, where));
  }
}

/** There is nobody left to read it. */
function orNobodysThere(error: unknown): void {
  if (!isGone(error) && !hasLeft(error)) throw error;
}
