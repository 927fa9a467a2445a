import { z } from "zod";
import { hasControls } from "#control-characters.ts";
import type { Status } from "#db/tables.ts";
import { Problem } from "#errors.ts";
import { FILES } from "#slack/blocks.ts";
import { PRIORITIES, WHAT, WHO, WORKAROUND } from "./priority.ts";

export const SUBJECT_MAX = 150;
export const TEXT_MAX = 3000;
export const WHY_MAX = 1000;
export const NAME_MAX = 100;
const SLACK_USER = /^[UW][A-Z0-9]+$/;
/** Slack's id of a file. */
export const FileId = z.string().regex(/^F[A-Z0-9]{1,50}$/, "filesUnfit");

/** A code for each fault of a field; `text/` has the sentence. */
export const TicketDraft = z.object({
  subject: typed("subjectBlank", SUBJECT_MAX, "subjectLong"),
  description: typed("descriptionBlank", TEXT_MAX, "descriptionLong"),
  what: z.enum(WHAT, "choose"),
  who: z.enum(WHO, "choose"),
  workaround: z.enum(WORKAROUND, "choose"),
  priority: z.enum(PRIORITIES, "choose"),
  /** The policy says which there are, and what a priority needs: `draftFaults`. */
  topic: given(z.string()),
  why: given(typed("whyBlank", WHY_MAX, "whyLong")),
  contact: given(z.string().regex(SLACK_USER, "choose")),
  /** The ids of files, with a space between two. */
  files: given(
    z
      .string()
      .transform((ids) => [...new Set(ids.split(" "))])
      .pipe(z.array(FileId).max(FILES, "filesUnfit")),
  ),
});
/** The part of it that the priority contract is about: it may be corrected later. */
export const ContractDraft = TicketDraft.pick({
  what: true,
  who: true,
  workaround: true,
  priority: true,
  why: true,
  contact: true,
});
export type ContractDraft = z.output<typeof ContractDraft>;
const Facts = TicketDraft.pick({ what: true, who: true, workaround: true });
export type TicketDraft = z.output<typeof TicketDraft>;

/** What a form has been told so far: the facts when all three are, the priority when it is. */
export function answersIn(values: Record<string, unknown>) {
  const { priority } = TicketDraft.shape;
  return {
    facts: Facts.safeParse(values).data,
    priority: priority.safeParse(values.priority).data,
  };
}

/** What an agent replies or a requester adds. */
export const CommentBody = typed("textBlank", TEXT_MAX, "textLong");

/** What a requester adds to how the help was. */
export const RatingWords = typed("textBlank", WHY_MAX, "textLong");

export type FieldFault =
  | "subjectBlank"
  | "subjectLong"
  | "descriptionBlank"
  | "descriptionLong"
  | "textBlank"
  | "textLong"
  | "control"
  | "nameBlank"
  | "nameLong"
  | "contactNameBlank"
  | "contactEmailBlank"
  | "emailBlank"
  | "emailWrong"
  | "whyBlank"
  | "whyLong"
  | "choose"
  | "noAgent"
  | "noNumber"
  | "filesUnfit";

/** "DL-1042" */
export function ticketNumber({ number }: { number: number }): string {
  return `DL-${number}`;
}

/** As people type it: "DL-1042", "dl 1042", "#1042", "ＤＬ－１０４２". */
export const TypedNumber = z
  .string("noNumber")
  .transform(
    (typed) => /^(?:DL\s*[\p{Pd}−ー]?\s*|#)?(\d{1,9})$/iu.exec(typed.normalize("NFKC").trim())?.[1],
  )
  .refine((digits) => digits !== undefined, "noNumber")
  .transform(Number);

/** What a button's or a menu's value names. One that somebody made up finds no ticket. */
export function readRef(value: string): { accountId: string; ticketId: string } {
  const [accountId, ticketId] = value.split("/");
  const id = z.uuid().safeParse(ticketId);
  if (!accountId || !id.success) throw new Problem("ticket-not-found", {});
  return { accountId, ticketId: id.data };
}

/** The third part of such a value: a question or an offer about the ticket. */
export function readPart(value: string): string {
  const id = z.uuid().safeParse(value.split("/")[2]);
  if (!id.success) throw new Problem("ticket-not-found", {});
  return id.data;
}

export const STEPS = [
  "take",
  "assign",
  "reply",
  "ask",
  "offer",
  "accept",
  "dispute",
  "solve",
  "reopen",
  "close",
  "inform",
] as const;
export type Step = (typeof STEPS)[number];

/** The state machine: where each step leads from each status; what is missing is refused with a sentence. */
const NEXT: Record<Step, Partial<Record<Status, Status>>> = {
  take: { new: "open", open: "open", pending: "pending", on_hold: "on_hold" },
  assign: { new: "open", open: "open", pending: "pending", on_hold: "on_hold" },
  reply: { new: "open", open: "open", pending: "open", on_hold: "open" },
  ask: { new: "pending", open: "pending", pending: "pending", on_hold: "pending" },
  // A workaround, to which the requester answers.
  offer: { new: "pending", open: "pending", pending: "pending", on_hold: "pending" },
  accept: { new: "new", open: "open", pending: "open", on_hold: "open" },
  dispute: { new: "new", open: "open", pending: "open", on_hold: "open" },
  solve: { new: "solved", open: "solved", pending: "solved", on_hold: "solved" },
  reopen: { solved: "open" },
  close: { solved: "closed" },
  inform: { new: "new", open: "open", pending: "open", on_hold: "open", solved: "open" },
};

export function nextStatus(
  step: Step,
  ticket: { number: number; status: Status; merged_into_number?: number | null },
): Status {
  const next = NEXT[step][ticket.status];
  if (next) return next;
  mustNotBeMerged(ticket);
  const facts = { number: ticketNumber(ticket) };
  if (ticket.status === "closed") throw new Problem("already-closed", facts);
  const isOfSolved = step === "reopen" || step === "close";
  throw new Problem(isOfSolved ? "not-solved" : "already-solved", facts);
}

/** One whose work goes on in another takes no step of its own. */
export function mustNotBeMerged(ticket: {
  number: number;
  merged_into_number?: number | null;
}): void {
  const { merged_into_number: number } = ticket;
  if (!number) return;
  throw new Problem("is-merged", { number: ticketNumber(ticket), into: ticketNumber({ number }) });
}

/** For what stands in the thread or at the desk already: it is kept, and a ticket that has ended stays as it is. */
export function statusAfter(step: Step, { status }: { status: Status }): Status {
  return NEXT[step][status] ?? status;
}

/** Which steps make sense from here: the buttons that are shown. */
export function stepsFrom(ticket: { status: Status; assignee_user_id: string | null }): Step[] {
  const possible = STEPS.filter((step) => NEXT[step][ticket.status]);
  return ticket.assignee_user_id ? possible.filter((step) => step !== "take") : possible;
}

/** A field that was not shown, or left empty, is not there. */
export function given<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => (value === "" ? undefined : value), schema.optional());
}

export function typed(blank: FieldFault, max: number, long: FieldFault) {
  return z
    .string(blank)
    .trim()
    .refine((text) => isVisible(text), { error: blank, abort: true })
    .refine((text) => !hasControls(text) && text.isWellFormed(), { error: "control", abort: true })
    .max(max, long);
}

/** Spaces, joiners, direction marks and the empty Braille pattern alone are blank; an emoji is not. */
function isVisible(text: string): boolean {
  return /[^\s\p{Cf}\p{Zs}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text);
}
