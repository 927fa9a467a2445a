import { Webhook } from "standardwebhooks";

/** The call that Deskline makes to file a ticket: signed, and its answer read. */
export function openDesk(settings: { url: string; secret: string }) {
  const webhook = new Webhook(settings.secret);
  return async function fileAtDesk(id: string, ticket: Record<string, unknown>): Promise<void> {
    const body = JSON.stringify({ type: "ticket.created", data: ticket });
    const at = new Date();
    const response = await fetch(settings.url, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
        "webhook-signature": webhook.sign(id, at, body),
      },
    });
    await response.json();
  };
}
