import { z } from "zod";
import type { SlackWitness } from "./slack-witness.ts";

const Press = z
  .object({
    type: z.literal("block_actions"),
    trigger_id: z.string(),
    response_url: z.string(),
    user: z.object({ id: z.string() }),
    actions: z.tuple([z.object({ action_id: z.string(), value: z.string().default("") })]),
  })
  .transform(({ trigger_id, response_url, user, actions: [{ action_id, value }] }) => ({
    key: trigger_id,
    responseUrl: response_url,
    by: user.id,
    button: action_id,
    ticketId: value.split("/")[1] ?? "",
  }));

/** A press on a message, as Slack delivered it. */
export function pressOf({ payload }: { payload: unknown }): z.output<typeof Press> | undefined {
  return Press.safeParse(payload).data;
}

/** The steps that were pressed and acked, and of which the person was told nothing else. */
export function pressesTaken(slack: SlackWitness) {
  const answered = new Set(slack.responses.map(({ url }) => url));
  return slack.deliveries.flatMap((delivery) => {
    const press = pressOf(delivery);
    const isStep = /^ticket\.(take|solve|reopen)$/.test(press?.button ?? "");
    if (!press || !isStep || delivery.outcome !== "answer") return [];
    return answered.has(press.responseUrl) ? [] : [press];
  });
}
