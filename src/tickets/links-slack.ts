import { z } from "zod";
import { type AgentsChannel, mustBeAgent } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import { Problem } from "#errors.ts";
import type { People } from "#slack/people.ts";
import type { Door, PressCall, SubmitCall } from "#slack/replies.ts";
import { changeLinks } from "./links.ts";
import { LINK, linkModal } from "./links-views.ts";
import { refOf } from "./outbox.ts";
import { findTicket, type Ticket } from "./store.ts";
import { agentOf } from "./store-history.ts";
import { findLinked } from "./store-links.ts";
import { readRef, TypedNumber } from "./ticket.ts";

type Needs = { db: Db; people: People; agentsChannel: AgentsChannel };

/** Agents keep together what has to do with each other; customers see nothing of it. */
export function registerLinks(door: Door, needs: Needs): void {
  door.submit(LINK, (call) => submit(call, needs));
}

/** For an agent. */
export async function openLinks(
  call: PressCall,
  { db }: Pick<Needs, "db">,
  ticket: Ticket,
): Promise<void> {
  const linked = ticket.links > 0 ? await findLinked(db, refOf(ticket)) : [];
  await call.open((texts) => linkModal(texts, ticket, linked));
}

async function submit(call: SubmitCall, { db, people, agentsChannel }: Needs): Promise<void> {
  const { caller, key, values, metadata } = call;
  const { linkFaults } = caller.texts;
  const ref = readRef(metadata);
  await findTicket(db, ref);
  await mustBeAgent(people, agentsChannel, caller);
  const typed = (values.number ?? "").trim();
  const add = TypedNumber.safeParse(typed).data;
  const remove = z.uuid().safeParse(values.unlink).data;
  if (typed !== "" && add === undefined) return call.refuse({ number: linkFaults.number });
  if (add === undefined && !remove) return call.refuse({ number: linkFaults.nothing });
  try {
    await changeLinks(db, ref, {
      ...{ add, remove },
      by: agentOf(caller),
      delivery: { source: "slack.view", key },
    });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "not-linked") throw error;
    return call.refuse({ number: caller.texts.problem(error) });
  }
  await call.close();
}
