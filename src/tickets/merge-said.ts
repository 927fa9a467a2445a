import { z } from "zod";
import type { Status } from "#db/tables.ts";
import { inert, link, oneLine } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import type { Ticket } from "./store.ts";
import type { HistoryRow, MergeEvent } from "./store-history.ts";
import { ticketNumber } from "./ticket.ts";
import { SUBJECT_SHOWN } from "./views.ts";

export const MERGE_EVENTS: readonly MergeEvent[] = ["merged", "unmerged", "absorbed", "released"];

/** The other ticket, as the history keeps it. `url`: of the customer's thread; `triageUrl`: of the agents'. */
const Detail = z.object({
  ticketId: z.uuid(),
  number: z.string(),
  subject: z.string(),
  isSameRequester: z.boolean(),
  url: z.string().optional(),
  triageUrl: z.string().optional(),
});
export type MergeDetail = z.output<typeof Detail> & { from?: Status; to?: Status };

type Told = Pick<HistoryRow, "event" | "detail" | "actor_name">;
/** "web": the customer's where there is no Slack, with Slack's marks all the same. */
type Reader = "customer" | "agents" | "web";

/** Undefined for what is none of these events. */
export function mergeLine(t: Texts, history: Told, reader: Reader): string | undefined {
  const event = mergeEventOf(history);
  if (!event) return undefined;
  const other = Detail.parse(history.detail);
  const name = inert(history.actor_name);
  if (reader === "agents") return t.merge.agents[event](name, named(t, other, other.triageUrl));
  // Whoever reads the thread of the other ticket need not be one who may read this one.
  const isOwn = event === "merged" || event === "unmerged";
  const mayRead = isOwn || other.isSameRequester;
  const shown = mayRead ? named(t, other, other.url) : linked(other.number, other.url);
  const line = t.merge.customer[event](name, shown);
  return isOwn && reader === "customer" ? t.merge.inThread[event](line, other.number) : line;
}

/** In which ticket the work goes on after this step, if in another. */
export function mergedIntoBy(history: Told): string | undefined {
  return history.event === "merged" ? Detail.parse(history.detail).ticketId : undefined;
}

/** What was merged into the ticket by this step. */
export function absorbedBy(history: Told): string | undefined {
  return history.event === "absorbed" ? Detail.parse(history.detail).ticketId : undefined;
}

/** The same for the desk, in full: nobody there has a thread to look at. `absorbed`: the ticket that was merged into this one. */
export function mergeStatement(
  t: Texts,
  history: Told,
  absorbed: Pick<Ticket, "number" | "subject" | "description"> | undefined,
): string | undefined {
  if (absorbed) {
    const title = t.merge.named(ticketNumber(absorbed), absorbed.subject);
    return t.merge.desk.absorbed(title, absorbed.description);
  }
  const event = mergeEventOf(history);
  if (!event || event === "absorbed") return undefined;
  const { number, subject } = Detail.parse(history.detail);
  return t.merge.desk[event](t.merge.named(number, subject));
}

function mergeEventOf({ event }: Told): MergeEvent | undefined {
  return MERGE_EVENTS.find((each) => each === event);
}

function named(t: Texts, { number, subject }: MergeDetail, url: string | undefined): string {
  return t.merge.named(linked(number, url), inert(oneLine(subject, SUBJECT_SHOWN)));
}

function linked(number: string, url: string | undefined): string {
  return url ? link(url, number) : number;
}
