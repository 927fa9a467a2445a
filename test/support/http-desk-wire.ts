import { createHmac, timingSafeEqual } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { z } from "zod";
import type { DeskChange, NewDeskTicket } from "#desk/desk.ts";
import type { DeskBook } from "./desk-book.ts";
import type { HttpAnswer } from "./desk-faults.ts";

export type WireRequest = { headers: Headers; body: string };
export type WireAnswer = HttpAnswer & { isNew?: boolean };

const text = z.string();
/** In Slack, or who asked by the web form. */
const person = z.union([
  z.strictObject({ name: text, teamId: text, userId: text }),
  z.strictObject({ name: text, email: text }),
]);
const change = {
  changeId: z.templateLiteral(["dl_", z.string()]),
  ticketId: z.uuid(),
  accountId: text,
};
const to = { ...change, number: text, deskId: text };
const timestamp = z.iso.datetime().transform((iso) => new Date(iso));
const message = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("ticket.created"),
    timestamp,
    data: z.strictObject({
      ticketId: z.uuid(),
      accountId: text,
      accountName: text,
      number: text,
      subject: text,
      description: text,
      what: text,
      who: text,
      workaround: text,
      priority: text,
      topic: text.optional(),
      messageUrl: text.optional(),
      why: text.optional(),
      contact: person.optional(),
      language: text,
      requester: person,
    }),
  }),
  z.strictObject({
    type: z.literal("ticket.commented"),
    timestamp,
    data: z.strictObject({
      ...to,
      author: z.strictObject({ kind: z.enum(["requester", "agent"]), name: text }),
      body: text,
    }),
  }),
  z.strictObject({
    type: z.literal("ticket.comment_edited"),
    timestamp,
    data: z.strictObject({ ...to, commentId: change.changeId, body: text, edits: z.int().min(1) }),
  }),
  z.strictObject({
    type: z.literal("ticket.comment_deleted"),
    timestamp,
    data: z.strictObject({ ...to, commentId: change.changeId }),
  }),
  z.strictObject({
    type: z.literal("ticket.attachment_deleted"),
    timestamp,
    data: z.strictObject({ ...to, attachmentId: z.uuid() }),
  }),
  z.strictObject({
    type: z.literal("ticket.status_changed"),
    timestamp,
    data: z.strictObject({ ...to, status: text }),
  }),
  z.strictObject({
    type: z.literal("ticket.facts_corrected"),
    timestamp,
    data: z.strictObject({ ...to, what: text, who: text, workaround: text }),
  }),
  z.strictObject({
    type: z.literal("ticket.topic_changed"),
    timestamp,
    data: z.strictObject({ ...to, topic: text }),
  }),
  z.strictObject({
    type: z.literal("ticket.priority_changed"),
    timestamp,
    data: z.strictObject({ ...to, priority: text, reason: text }),
  }),
  z.strictObject({
    type: z.literal("ticket.attached"),
    timestamp,
    data: z.strictObject({
      attachmentId: z.uuid(),
      ticketId: z.uuid(),
      accountId: text,
      number: text,
      deskId: text,
      name: text,
      mediaType: text,
      size: z.number(),
      sha256: text,
      content: z.base64(),
    }),
  }),
]);
type Message = z.output<typeof message>;
type Attached = Extract<Message, { type: "ticket.attached" }>;

/** One delivery to a desk that speaks the protocol of `DESK=http`, under nock as well as on a real socket. */
export function answerDelivery(book: DeskBook, secret: string, request: WireRequest): WireAnswer {
  if (!isSigned(secret, request)) return reply(401, "the signature does not hold");

  const parsed = message.safeParse(JSON.parse(request.body));
  if (!parsed.success) return reply(400, z.prettifyError(parsed.error));
  return accept(book, parsed.data, request.headers.get("webhook-id") ?? "");
}

function accept(book: DeskBook, sent: Message, key: string): WireAnswer {
  if (sent.type === "ticket.created") {
    const { id, isNew } = book.file(ticketOf(sent), key);
    const body = JSON.stringify({ id, url: `https://desk.example/tickets/${id}` });
    return { ...reply(isNew ? 201 : 200, body), isNew };
  }
  if (sent.type === "ticket.attached") return keep(book, sent.data);
  const added = book.add(sent.data.ticketId, changeOf(sent));
  return added ? { ...reply(204, ""), ...added } : reply(404, "there is no such ticket");
}

/** Counts what it has got, not what it was told. */
function keep(book: DeskBook, { ticketId, ...sent }: Attached["data"]): WireAnswer {
  const { attachmentId, name, mediaType, content } = sent;
  const bytes = Buffer.from(content, "base64");
  const kept = book.attach(ticketId, { attachmentId, name, mediaType, bytes });
  if (!kept) return reply(404, "there is no such ticket");
  const { isNew, ...counted } = kept;
  return { ...reply(200, JSON.stringify(counted)), isNew };
}

function ticketOf(sent: Extract<Message, { type: "ticket.created" }>): NewDeskTicket {
  return { ...sent.data, createdAt: sent.timestamp };
}

function changeOf(sent: Exclude<Message, { type: "ticket.created" } | Attached>): DeskChange {
  const about = { changeId: sent.data.changeId, at: sent.timestamp };
  if (sent.type === "ticket.status_changed") {
    return { ...about, kind: "status", status: sent.data.status };
  }
  if (sent.type === "ticket.facts_corrected") {
    const { what, who, workaround } = sent.data;
    return { ...about, kind: "facts", what, who, workaround };
  }
  if (sent.type === "ticket.topic_changed")
    return { ...about, kind: "topic", topic: sent.data.topic };
  if (sent.type === "ticket.priority_changed") {
    const { priority, reason } = sent.data;
    return { ...about, kind: "priority", priority, reason };
  }
  if (sent.type === "ticket.comment_edited") {
    const { commentId, body, edits } = sent.data;
    return { ...about, kind: "comment-edited", commentId, body, edits };
  }
  if (sent.type === "ticket.comment_deleted") {
    return { ...about, kind: "comment-deleted", commentId: sent.data.commentId };
  }
  if (sent.type === "ticket.attachment_deleted") {
    return { ...about, kind: "attachment-deleted", attachmentId: sent.data.attachmentId };
  }
  return { ...about, kind: "comment", author: sent.data.author, body: sent.data.body };
}

/** Twice, independently: by the library, and by the words of the Standard Webhooks specification. */
function isSigned(secret: string, { headers, body }: WireRequest): boolean {
  try {
    new Webhook(secret).verify(body, Object.fromEntries(headers));
  } catch {
    return false;
  }
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const content = `${headers.get("webhook-id")}.${headers.get("webhook-timestamp")}.${body}`;
  const expected = `v1,${createHmac("sha256", key).update(content).digest("base64")}`;
  const given = headers.get("webhook-signature") ?? "";
  return (
    given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected))
  );
}

function reply(status: number, body: string): WireAnswer {
  return { status, headers: body ? { "content-type": "application/json" } : {}, body };
}
