import { z } from "zod";
import type { Priority } from "#db/tables.ts";
import { button } from "#slack/blocks.ts";
import { date, inert } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import { HOLD_FALL } from "./contact-views.ts";
import { fixedButtons } from "./ending-views.ts";
import { PRIORITIES, WHAT, WHO, WORKAROUND } from "./priority.ts";
import type { Ticket } from "./store.ts";
import type { ContractEvent, HistoryRow, Told } from "./store-history.ts";
import type { Said } from "./thread-views.ts";
import { ticketValue } from "./views.ts";

const priority = z.enum(PRIORITIES);
/** What the history keeps of each event. */
const Detail = {
  facts: z.object({ what: z.enum(WHAT), who: z.enum(WHO), workaround: z.enum(WORKAROUND) }),
  priority: z.object({
    priority: z.object({ from: priority, to: priority }),
    reason: z.enum(["facts", "asked", "workaround", "contact-absent", "contact-back", "policy"]),
    isDeclined: z.boolean().optional(),
  }),
  "contact-asked": z.object({
    name: z.string(),
    missed: z.string().optional(),
    isSilent: z.boolean().optional(),
  }),
  "fall-announced": z.object({
    to: priority,
    until: z.coerce.date(),
    declined: z.string().optional(),
  }),
  "fall-held": z.object({ until: z.coerce.date() }),
  "closing-announced": z.object({ until: z.coerce.date() }),
};

/** What the priority contract says in both threads; undefined for what is none of its events. */
export function contractSaid(
  t: Texts,
  ticket: Ticket,
  history: HistoryRow,
  reader: "customer" | "agents",
): Said | undefined {
  const line = lineOf(t, history, { reader, timeZone: "UTC" });
  if (line === undefined) return undefined;
  const buttons = buttonsOf(t, ticket, history, reader);
  return { line, at: history.at, ...(buttons && { buttons }) };
}

function buttonsOf(
  t: Texts,
  ticket: Ticket,
  { event, id, detail }: HistoryRow,
  reader: "customer" | "agents",
): Said["buttons"] {
  if (reader === "customer") {
    const asks = event === "closing-announced" && ticket.status === "solved";
    return asks ? fixedButtons(t, ticket, id) : undefined;
  }
  if (event !== "fall-announced" || !isStillToCome(ticket, detail)) return undefined;
  const hold = button(HOLD_FALL, t.triage.hold, ticketValue(ticket));
  return { id: `hold.${id}`, elements: [hold] };
}

/** Whether this very fall is what the ticket waits for: it is known by its moment. */
function isStillToCome(ticket: Ticket, detail: Record<string, unknown>): boolean {
  const { contact_state: state, contact_due_at: dueAt } = ticket;
  const { until } = Detail["fall-announced"].parse(detail);
  return state === "falling" && dueAt?.getTime() === until.getTime();
}

/** The same sentence for the customer where there is no Slack, with Slack's marks all the same. */
export function contractLine(t: Texts, history: Told, timeZone = "UTC"): string | undefined {
  return lineOf(t, history, { reader: "customer", timeZone });
}

type Telling = { reader: "customer" | "agents"; timeZone: string };

/** `timeZone`: of its moments where nothing draws them in the reader's own. */
function lineOf(t: Texts, history: Told, { reader, timeZone }: Telling): string | undefined {
  const { detail } = history;
  const name = inert(history.actor_name);
  const when = (at: Date) => date(at, t.moment(at, timeZone));
  const called = (each: Priority) => t.priorities[each];
  switch (history.event as ContractEvent) {
    case "facts": {
      const { what, who, workaround } = Detail.facts.parse(detail);
      const facts = t.card.impact(t.what[what], t.who[who], t.workaround[workaround]);
      const by = history.actor_kind === "agent" && reader === "customer" ? "byAgent" : "by";
      return t.contract.factsCorrected[by](name, facts);
    }
    case "priority": {
      const { priority: moved, reason, isDeclined } = Detail.priority.parse(detail);
      const why = t.contract.reasons[isDeclined ? "contact-declined" : reason];
      return t.contract.reviewed(called(moved.from), called(moved.to), why);
    }
    case "contact-asked": {
      const { missed, isSilent, name: next } = Detail["contact-asked"].parse(detail);
      if (missed === undefined) return t.contract.asked(inert(next));
      return t.contract[isSilent ? "silent" : "unavailable"](inert(missed), inert(next));
    }
    case "contact-here":
      return t.contract.here(name);
    case "fall-announced": {
      const { to, until, declined } = Detail["fall-announced"].parse(detail);
      const { fallAnnounced, fallDeclined } = t.contract;
      if (declined === undefined) return fallAnnounced(when(until), called(to));
      return fallDeclined(inert(declined), when(until), called(to));
    }
    case "fall-held": {
      const { until } = Detail["fall-held"].parse(detail);
      return t.contract.fallHeld[reader](name, when(until));
    }
    case "closing-announced": {
      const { until } = Detail["closing-announced"].parse(detail);
      return t.ending.announced(when(until));
    }
    default:
      return undefined;
  }
}
