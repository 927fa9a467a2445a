import type { IncomingHttpHeaders } from "node:http";

/** Where tickets are filed. `test/contract/desk.contract.ts` says exactly how each part behaves. */
export interface Desk {
  readonly name: string;
  /**
   * Files the ticket, or returns the one already filed for this `ticketId`, also when several ask at once.
   * Busy or aborted → RetryLater; silent → Silence, which is one, too; refused → Problem("desk-refused"). The same holds
   * for `change` and `attach`.
   */
  create(ticket: NewDeskTicket, signal: AbortSignal): Promise<DeskTicket>;
  /** Adds one change to a filed ticket. The same `changeId` twice is one change. Called in order, one at a time per ticket. */
  change(ticket: FiledTicket, change: DeskChange, signal: AbortSignal): Promise<void>;
  /**
   * Adds one file to a filed ticket, and answers what is then kept there: the caller compares. The same `attachmentId`
   * twice is one file. Absent: the files of tickets go into the agents' thread in Slack.
   */
  attach?(ticket: FiledTicket, file: DeskFile, signal: AbortSignal): Promise<KeptFile>;
  /**
   * Verifies and reads one delivery of the desk's own changes: NotFromDesk when the desk did not send it, any other
   * error when it cannot be read. Absent: the desk tells us nothing.
   */
  receive?(delivery: RawDelivery): DeskDelivery;
}

export type NewDeskTicket = {
  ticketId: string;
  accountId: string;
  accountName: string;
  /** "DL-1042" */
  number: string;
  subject: string;
  description: string;
  what: string;
  who: string;
  workaround: string;
  priority: string;
  /** What it is about, as the requester read it. */
  topic?: string | undefined;
  /** Why it is urgent and for whom; the person at the customer who works on it with support. */
  why?: string | undefined;
  contact?: DeskPerson | undefined;
  /** The message in Slack that it was filed from. */
  messageUrl?: string | undefined;
  language: string;
  requester: DeskPerson;
  createdAt: Date;
};

/** In Slack, or by a verified e-mail address. */
export type DeskPerson = { name: string } & (
  | { teamId: string; userId: string }
  | { email: string }
);

/** The ticket at the desk: its id there and, where there is one, a page an agent can open. */
export type DeskTicket = { id: string; url?: string | undefined };
export type FiledTicket = DeskTicket & { ticketId: string; accountId: string; number: string };

/** Everything that Deskline adds is named so. A desk that tells us a change of such a name tells us our own. */
export type ChangeId = `dl_${string}`;

export type DeskChange = { changeId: ChangeId; at: Date } & (
  | { kind: "comment"; author: { kind: "requester" | "agent"; name: string }; body: string }
  /** What was told as `commentId` says this now, and was changed so often. */
  | { kind: "comment-edited"; commentId: ChangeId; body: string; edits: number }
  /** Its author took it back: its words must go, also from what `comment-edited` said of it. */
  | { kind: "comment-deleted"; commentId: ChangeId }
  /** The customer took a file back that `attach` gave: nothing of it may stay, its name included. */
  | { kind: "attachment-deleted"; attachmentId: string }
  | { kind: "status"; status: string }
  /** Reviewed, and why: "facts", "asked", "workaround", "contact-absent", "contact-back" or "policy". */
  | { kind: "priority"; priority: string; reason: string }
  /** As they are true now, in the words of `NewDeskTicket`. */
  | { kind: "facts"; what: string; who: string; workaround: string }
  /** What it is about, in the words of `NewDeskTicket`: the requester reads it so. */
  | { kind: "topic"; topic: string }
);

/** `size` in bytes; `sha256` in small hexadecimal letters. */
export type KeptFile = { size: number; sha256: string };
export type DeskFile = KeptFile & {
  attachmentId: string;
  /** When it came. */
  at: Date;
  /** As the customer called it: one line, without a path. */
  name: string;
  /** By its bytes, where they say so; never that of a program, a script or a web page. */
  mediaType: string;
  bytes: Buffer;
};

/** The signature, or whatever proves the sender, does not hold. */
export class NotFromDesk extends Error {
  override name = "NotFromDesk";
}

/** Header names in lower case; the body as it came, before any parsing. */
export type RawDelivery = { headers: IncomingHttpHeaders; body: string };

/** What the desk tells us. An echo is a change we made ourselves: known by its `changeId`, and left alone. */
export type DeskDelivery = { deliveryId: string } & (
  | { kind: "echo" }
  | { kind: "comment"; ticketId: string; author: string; body: string }
  | { kind: "solved" | "reopened"; ticketId: string; author: string }
);
