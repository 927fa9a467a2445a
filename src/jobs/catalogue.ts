import { z } from "zod";

const ticket = z.object({ accountId: z.string(), ticketId: z.string() });
const attachment = ticket.extend({ attachmentId: z.string() });
const sentFile = ticket.extend({ sentFileId: z.string() });
const thread = z.object({ teamId: z.string(), channelId: z.string(), threadTs: z.string() });
const grant = z.object({ accountId: z.string(), grantId: z.string() });
const stepRun = z.object({ teamId: z.string(), executionId: z.string() });

const failure = z.object({ what: z.enum(["desk-refused", "gave-up"]), reference: z.string() });
const also = z.array(z.union([z.object({ historyId: z.string() }), failure])).optional();

/** To one person. First without a reader: asks who that is. Then without a channel: opens the conversation with them. */
const direct = {
  reader: z.object({ language: z.enum(["ja", "en"]), timeZone: z.string() }).optional(),
  channelId: z.string().optional(),
};

/** Every job there is. The name is stored in Postgres, so never rename one that may be in flight. */
export const jobSchemas = {
  "ticket.file": ticket,
  /** Before it, for one that was filed from a message. */
  "ticket.link-message": ticket,
  /** A run of the workflow's step is over: with the ticket's number, or with a sentence. */
  "ticket.end-step": z.union([
    stepRun.extend({ number: z.string() }),
    stepRun.extend({ error: z.string() }),
  ]),
  /** The form, offered to whoever reacted to a message. First without `threadTs`: asks which thread it stands in. */
  "ticket.offer-form": z.object({
    teamId: z.string(),
    channelId: z.string(),
    ts: z.string(),
    threadTs: z.string().optional(),
    userId: z.string(),
    language: z.enum(["ja", "en"]),
  }),
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
  /** Somebody is no agent any more: so many tickets were theirs, these among them. */
  "ticket.tell-left": z.object({
    name: z.string(),
    count: z.int().min(1),
    tickets: z.array(ticket).min(1).max(30),
  }),
  "ticket.edit-card": ticket,
  "ticket.edit-triage-card": ticket,
  /** A comment, or a step worth reading, into the customer's thread. `also`: what waited behind it for too long. */
  "ticket.tell-customer": ticket.extend({ historyId: z.string(), also }),
  /** The same for the agents, in the triage card's thread. */
  "ticket.tell-agents": ticket.extend({ historyId: z.string(), also }),
  /** The buttons under what the customer was told of this step: they go once it is answered. */
  "ticket.edit-buttons": ticket.extend({ historyId: z.string() }),
  /** What the agents were told of this step, or with `reader` the customer, drawn again: its words have changed. */
  "ticket.edit-told": ticket.extend({
    historyId: z.string(),
    reader: z.literal("customer").optional(),
  }),
  /** A ticket was solved by this step: whether it is to be announced or done that silence closes it. */
  "ticket.ending-due": ticket.extend({ historyId: z.string() }),
  /** A mark at a customer's message: all of it has arrived. */
  "ticket.mark-message": ticket.extend({
    teamId: z.string(),
    channelId: z.string(),
    ts: z.string(),
  }),
  /** Nobody heard Slack since then (its `ts`): the threads are read up, each in a job. `after`: those that follow. */
  "ticket.find-missed": z.object({ since: z.string(), after: thread.optional() }),
  "ticket.read-thread": ticket.extend({ ...thread.shape, since: z.string() }),
  /** A comment of an agent's, when the time in which it can be undone is over. `form`: where it can be undone until then. */
  "ticket.send-comment": ticket.extend({
    outgoingId: z.uuid(),
    form: z
      .object({ teamId: z.string(), viewId: z.string(), language: z.enum(["ja", "en"]) })
      .optional(),
  }),
  "ticket.tell-desk": ticket.extend({ historyId: z.string() }),
  /** Asks somebody whether they are there as the contact, in these calls: see "access.tell-end". */
  "ticket.ask-contact": ticket.extend({ askId: z.uuid(), turn: z.int(), ...direct }),
  /** That question, as the ticket is now: since this turn it needs no answer, or again one. */
  "ticket.edit-ask": ticket.extend({ askId: z.uuid(), turn: z.int(), ...direct }),
  /** The end of a turn of the living contract, if that turn still stands. */
  "ticket.contact-due": ticket.extend({ turn: z.int() }),
  /** The priority from the facts and the contact as they are now. */
  "ticket.review": ticket.extend({ reason: z.enum(["facts", "workaround", "policy"]) }),
  /** A file of the customer's, from Slack to the desk, or uploaded for the agents. `after`: an upload that is gone. */
  "ticket.fetch-file": attachment.extend({ after: z.string().optional() }),
  /** Into the agents' thread. `again`: it was uploaded a second time. */
  "ticket.share-file": attachment.extend({ again: z.literal(true).optional() }),
  /** Whether what the agents have is what was sent. */
  "ticket.check-file": attachment,
  /** Its message was deleted: it goes from where the ticket is worked on. */
  "ticket.delete-file": attachment,
  /** A file of an agent's, uploaded for the customer. `after`: an upload that is gone. */
  "ticket.send-file": sentFile.extend({ after: z.string().optional() }),
  /** Into the customer's thread. `again`: it was uploaded a second time. */
  "ticket.show-file": sentFile.extend({ again: z.literal(true).optional() }),
  /** A file of the page of a ticket: refused, when it has not been passed on by now. */
  "ticket.drop-file": attachment,
  /** A sentence for the person when a job about their ticket was given up. */
  "ticket.tell-failure": ticket.extend({ ...failure.shape, also }),
  /** What is mailed to a requester who has no thread: the number and the page, a step worth reading, a failure. */
  "ticket.mail-filed": ticket,
  "ticket.mail-step": ticket.extend({ historyId: z.string() }),
  "ticket.mail-failure": ticket.extend(failure.shape),
  /** The one mail to an address that nobody has verified yet. */
  "request.mail-link": z.object({ requestId: z.string() }),
  /** The doors, for whoever wrote the message `ts` to the app. */
  "home.answer": z.object({
    teamId: z.string(),
    channelId: z.string(),
    threadTs: z.string().optional(),
    ts: z.string(),
    language: z.enum(["ja", "en"]),
  }),
  /** `delivery`: of the command that asked for it. */
  "home.post-button": z.object({
    teamId: z.string(),
    channelId: z.string(),
    delivery: z.string(),
    language: z.enum(["ja", "en"]),
  }),
  "access.end": grant,
  "access.tell-end": grant.extend(direct),
} satisfies Record<string, z.ZodType>;

export type JobName = keyof typeof jobSchemas;
export type JobPayload<N extends JobName> = z.output<(typeof jobSchemas)[N]>;
