import { z } from "zod";
import { callDesk } from "./call.ts";
import type { Desk, DeskChange, FiledTicket, NewDeskTicket } from "./desk.ts";
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

/** Any desk behind a URL: tickets and changes go there as Standard Webhooks. The wire format: docs/add-a-desk.md. */
export async function openHttpDesk(
  settings: z.output<typeof httpSettings>,
  needs: { timeoutMs?: number } = {},
): Promise<Desk> {
  const { Webhook } = await import("standardwebhooks");
  const webhook = new Webhook(settings.DESK_SECRET);

  async function post(number: string, message: Message, signal: AbortSignal) {
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
    const call = {
      number,
      method: "POST",
      url: settings.DESK_URL,
      headers,
      body,
      ...needs,
    } as const;
    const answer = await callDesk({ ...call, answer: Answer }, signal);
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
    receive: (delivery) => readNews(webhook, delivery),
  };
}

/** Nothing of it depends on when it is sent, so that a repeat is the same message. */
function created({ createdAt, ...data }: NewDeskTicket): Message {
  return { id: `dl_${data.ticketId}`, type: "ticket.created", timestamp: createdAt, data };
}

const TYPES = {
  comment: "ticket.commented",
  status: "ticket.status_changed",
  priority: "ticket.priority_changed",
} satisfies Record<DeskChange["kind"], string>;

function changed(ticket: FiledTicket, { changeId, at, kind, ...what }: DeskChange): Message {
  const { ticketId, accountId, number, id: deskId } = ticket;
  const data = { changeId, ticketId, accountId, number, deskId, ...what };
  return { id: changeId, type: TYPES[kind], timestamp: at, data };
}
