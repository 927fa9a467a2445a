import { z } from "zod";

const ticket = z.object({ accountId: z.string(), ticketId: z.string() });
const attachment = ticket.extend({ attachmentId: z.string() });
const grant = z.object({ accountId: z.string(), grantId: z.string() });

const failure = z.object({ what: z.enum(["desk-refused", "gave-up"]), reference: z.string() });
const also = z.array(z.union([z.object({ historyId: z.string() }), failure])).optional();

/** Every job there is. The name is stored in Postgres, so never rename one that may be in flight. */
export const jobSchemas = {
  "ticket.file": ticket,
  /** `replaces`: the ts of a card that is gone. To a DM first without `channelId`: it opens the conversation. */
  "ticket.post-card": ticket.extend({
    to: z.enum(["channel", "dm"]),
    replaces: z.string().optional(),
    channelId: z.string().optional(),
  }),
  "ticket.link-card": ticket,
  /** `alone`: somebody needs this very card, so it does not go into a digest. */
  "ticket.post-triage-card": ticket.extend({
    replaces: z.string().optional(),
    alone: z.literal(true).optional(),
  }),
  /** What many triage cards become that wait at once. */
  "ticket.post-digest": z.object({ tickets: z.array(ticket).min(1).max(100) }),
  "ticket.edit-card": ticket,
  "ticket.edit-triage-card": ticket,
  /** A comment, or a step worth reading, into the customer's thread. `also`: what waited behind it for too long. */
  "ticket.tell-customer": ticket.extend({ historyId: z.string(), also }),
  /** The same for the agents, in the triage card's thread. */
  "ticket.tell-agents": ticket.extend({ historyId: z.string(), also }),
  "ticket.tell-desk": ticket.extend({ historyId: z.string() }),
  /** A file of the customer's, from Slack to the desk, or uploaded for the agents. `after`: an upload that is gone. */
  "ticket.fetch-file": attachment.extend({ after: z.string().optional() }),
  /** Into the agents' thread. `again`: it was uploaded a second time. */
  "ticket.share-file": attachment.extend({ again: z.literal(true).optional() }),
  /** Whether what the agents have is what was sent. */
  "ticket.check-file": attachment,
  /** A sentence for the person when a job about their ticket was given up. */
  "ticket.tell-failure": ticket.extend({ ...failure.shape, also }),
  "access.end": grant,
  /** First without a reader: asks who that is. Then without a channel: opens the conversation with them. */
  "access.tell-end": grant.extend({
    reader: z.object({ language: z.enum(["ja", "en"]), timeZone: z.string() }).optional(),
    channelId: z.string().optional(),
  }),
} satisfies Record<string, z.ZodType>;

export type JobName = keyof typeof jobSchemas;
export type JobPayload<N extends JobName> = z.output<(typeof jobSchemas)[N]>;
