import { z } from "zod";
import { Refused } from "#errors.ts";
import { callDesk, TIMEOUT_MS } from "./call.ts";
import type { Desk, DeskChange, DeskFile, FiledTicket, NewDeskTicket } from "./desk.ts";
import { readNews } from "./http-news.ts";
import type { httpSettings } from "./http-settings.ts";

type Message = { id: string; type: string; timestamp: Date; data: Record<string, unknown> };

const Answer = z
  .object({
    id: z
      .union([z.string().min(1).max(200), z.number()])
      .transform(String)
      .nullish(),
    // The ticket is filed, whatever the link is: a bad one is left out.
    url: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .optional()
      .catch(undefined),
  })
  .default({});

const Kept = z.object({ size: z.number(), sha256: z.string() }).partial().default({});
const FILE_TIMES = 3; // so many times as long as a message without a file

/** Any desk behind a URL: tickets and changes go there as Standard Webhooks. The wire format: docs/add-a-desk.md. */
export async function openHttpDesk(
  settings: z.output<typeof httpSettings>,
  needs: { timeoutMs?: number } = {},
): Promise<Desk> {
  const { Webhook } = await import("standardwebhooks");
  const webhook = new Webhook(settings.DESK_SECRET);

  function signedCall(number: string, message: Message) {
    const { id, ...content } = message;
    const body = JSON.stringify(content);
    const now = new Date();
    const headers = {
      "content-type": "application/json",
      "user-agent": "deskline",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
      "webhook-signature": webhook.sign(id, now, body),
    };
    const { DESK_URL: url } = settings;
    return { number, method: "POST", url, headers, body, ...needs } as const;
  }
  async function post(number: string, message: Message, signal: AbortSignal) {
    const answer = await callDesk({ ...signedCall(number, message), answer: Answer }, signal);
    return answer.kind === "done" ? answer.body : {}; // a conflict: it has this message already
  }

  return {
    name: "http",
    async create(ticket, signal) {
      const { id, url } = await post(ticket.number, created(ticket), signal);
      return { id: id ?? ticket.number, url };
    },
    async change(ticket, change, signal) {
      await post(ticket.number, changed(ticket, change), signal);
    },
    async attach(ticket, file, signal) {
      const call = signedCall(ticket.number, attached(ticket, file));
      const timeoutMs = FILE_TIMES * (needs.timeoutMs ?? TIMEOUT_MS);
      const answer = await callDesk({ ...call, timeoutMs, answer: Kept }, signal);
      const { size, sha256 } = answer.kind === "done" ? answer.body : file; // a conflict: it has this file already
      if (size !== undefined && sha256 !== undefined) return { size, sha256 };
      throw new Refused("the desk does not say what it keeps of a file");
    },
    receive: (delivery) => readNews(webhook, delivery),
  };
}

/** Nothing of it depends on when it is sent, so that a repeat is the same message. */
function created({ createdAt, ...data }: NewDeskTicket): Message {
  return { id: `dl_${data.ticketId}`, type: "ticket.created", timestamp: createdAt, data };
}

const TYPES = {
  comment: "ticket.commented",
  "comment-edited": "ticket.comment_edited",
  "comment-deleted": "ticket.comment_deleted",
  "attachment-deleted": "ticket.attachment_deleted",
  status: "ticket.status_changed",
  priority: "ticket.priority_changed",
  facts: "ticket.facts_corrected",
  topic: "ticket.topic_changed",
} satisfies Record<DeskChange["kind"], string>;

function changed(ticket: FiledTicket, { changeId, at, kind, ...what }: DeskChange): Message {
  const { ticketId, accountId, number, id: deskId } = ticket;
  const data = { changeId, ticketId, accountId, number, deskId, ...what };
  return { id: changeId, type: TYPES[kind], timestamp: at, data };
}

function attached(ticket: FiledTicket, { bytes, attachmentId, at, ...file }: DeskFile): Message {
  const { ticketId, accountId, number, id: deskId } = ticket;
  const about = { attachmentId, ticketId, accountId, number, deskId };
  const data = { ...about, ...file, content: bytes.toString("base64") };
  return { id: `dl_${attachmentId}`, type: "ticket.attached", timestamp: at, data };
}
