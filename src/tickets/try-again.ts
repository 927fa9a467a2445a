import type { Button } from "@slack/types";
import { z } from "zod";
import type { AgentsChannel } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import { findJobs, retryDead } from "#jobs/dead.ts";
import { button, section } from "#slack/blocks.ts";
import type { People } from "#slack/people.ts";
import type { Door, PressCall } from "#slack/replies.ts";
import type { Texts } from "#text/texts.ts";
import { requesterOrAgent } from "./requester.ts";
import { findTicket, type Ticket, type TicketRef } from "./store.ts";
import { readRef } from "./ticket.ts";
import { ticketValue } from "./views.ts";

const TRY_AGAIN = "ticket.try-again";
const Reference = z.string().regex(/^[0-9a-f]{8}$/);
const About = z.object({ accountId: z.string(), ticketId: z.string() });

type Needs = { db: Db; people: People; agentsChannel: AgentsChannel };

/** Beside the sentence that says what could not be done for this ticket. */
export function tryAgainButton(t: Texts, ticket: Ticket, reference: string): Button {
  return button(TRY_AGAIN, t.thread.tryAgain, `${ticketValue(ticket)}/${reference}`);
}

/** The requester or an agent need not wait for the operator: what was given up begins anew. */
export function registerTryAgain(door: Door, needs: Needs): void {
  door.press(TRY_AGAIN, (call) => tryAgain(call, needs));
}

async function tryAgain({ caller, value, answer }: PressCall, needs: Needs): Promise<void> {
  const ref = readRef(value);
  await requesterOrAgent(needs, await findTicket(needs.db, ref), caller);
  const isTried = await retryAbout(needs.db, ref, value.split("/")[2]);
  const { texts: t } = caller;
  const sentence = isTried ? t.thread.triesAgain : t.thread.wasTriedAgain;
  await answer({ text: sentence, blocks: [section(sentence)] });
}

/** False: nothing of that name is given up any more. Pressed twice, it begins once. */
async function retryAbout(db: Db, ref: TicketRef, name: string | undefined): Promise<boolean> {
  const reference = Reference.safeParse(name);
  if (!reference.success) return false;
  const jobs = await findJobs(db, reference.data);
  const own = jobs.find(({ payload }) => {
    const about = About.safeParse(payload).data;
    return about?.ticketId === ref.ticketId && about.accountId === ref.accountId;
  });
  return own !== undefined && (await retryDead(db, { id: own.id })) > 0;
}
