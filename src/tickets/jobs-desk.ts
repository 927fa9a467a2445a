import { type RawBuilder, sql } from "kysely";
import { z } from "zod";
import type { DeskChange, NewDeskTicket } from "#desk/desk.ts";
import { RetryLater } from "#errors.ts";
import type { Handlers, Run } from "#jobs/handlers.ts";
import { once } from "#jobs/once.ts";
import { enqueued } from "#jobs/queue.ts";
import { textsOf } from "#text/texts.ts";
import type { TicketNeeds } from "./jobs.ts";
import { absorbedBy, mergeStatement } from "./merge-said.ts";
import {
  cardJob,
  postFirstCard,
  redrawCards,
  refOf,
  tellFailure,
  triageCardJob,
} from "./outbox.ts";
import { giveFollowUpReceipt, noteTold } from "./receipts.ts";
import {
  findTicket,
  isInSlack,
  lockTicket,
  mustBeInSlack,
  type Ticket,
  type TicketRef,
} from "./store.ts";
import {
  type AtDesk,
  filedUnseen,
  findTicketToFile,
  saveFiled,
  type TicketToFile,
} from "./store-desk.ts";
import {
  type Comment,
  type CommentEvent,
  type ContractEvent,
  findTicketAtStep,
  type HistoryRow,
  insertFailure,
  type StepMade,
  type UpkeepEvent,
} from "./store-history.ts";
import { insertFailedReceipt } from "./store-receipts.ts";
import { ticketNumber } from "./ticket.ts";

const Filed = z.object({ id: z.string(), url: z.string().optional() });
const Told = z.object({ told: z.literal(true) });

type DeskJobs = Pick<Handlers, "ticket.file" | "ticket.tell-desk">;

export function deskJobs({ db, desk, agentsChannel }: TicketNeeds): DeskJobs {
  return {
    "ticket.file": {
      async run(ref, run) {
        const ticket = await findTicketToFile(db, ref);
        try {
          const filed = await once({ db, run }, `desk:create:${ticket.id}`, {
            reference: Filed,
            // The desk's create is find-or-create by our ticket id, so it is its own look-up.
            lookUp: async () => undefined,
            send: async () => {
              const { id, url } = await desk.create(forDesk(ticket), run.signal);
              return { id, ...(url && { url }) };
            },
            save: (filed, reference) =>
              finishUnseen(run, ticket, { name: desk.name, ...filed }, reference),
          });
          if (!run.hasEnded()) await saveAndShow(ref, { name: desk.name, ...filed });
        } catch (error) {
          if (error instanceof RetryLater && !ticket.card_ts) await showUnfiled(ref);
          throw error;
        }
      },
      async bury(tx, ref, { reference }) {
        const ticket = await lockTicket(tx, ref);
        await insertFailure(tx, ref, { event: "desk-refused", reference });
        await postFirstCard(tx, ticket, agentsChannel);
        await redrawCards(tx, ticket);
        await tellFailure(tx, ticket, { what: "desk-refused", reference });
      },
    },

    "ticket.tell-desk": {
      async run({ historyId, ...ref }, run) {
        const { ticket, step } = await findTicketAtStep(db, { ...ref, historyId });
        if (!ticket.desk_id) throw new RetryLater("the ticket is not at the desk yet");
        const filed = {
          id: ticket.desk_id,
          url: ticket.desk_url ?? undefined,
          ...ref,
          number: ticketNumber(ticket),
        };
        const statement = await statementOf(ticket, step.history);
        for (const change of changesOf(step, statement)) {
          await once({ db, run }, `desk:change:${change.changeId}`, {
            reference: Told,
            // The same changeId twice is one change at the desk.
            lookUp: async () => undefined,
            async send() {
              await desk.change(filed, change, run.signal);
              return { told: true as const };
            },
          });
        }
        if (isOfCustomer(step)) await noteTold(db, ref, historyId);
      },
      async bury(tx, { historyId, ...ref }, { reference }) {
        const ticket = await lockTicket(tx, ref);
        await insertFailedReceipt(tx, ref, historyId);
        await tellFailure(tx, ticket, { what: "gave-up", reference });
      },
    },
  };

  /** What an agent there reads of a merge, since no customer has written it. */
  async function statementOf(ticket: Ticket, history: HistoryRow): Promise<string | undefined> {
    const absorbedId = absorbedBy(history);
    const ref = { accountId: ticket.account_id, ticketId: absorbedId ?? "" };
    const absorbed = absorbedId === undefined ? undefined : await findTicket(db, ref);
    return mergeStatement(textsOf(ticket.language), history, absorbed);
  }
  /**
   * Nearly always nothing shows the ticket yet: then its first card is all there is to send, and the job is done. Of a
   * follow-up the message that opened it is to be marked, too.
   */
  async function finishUnseen(
    run: Run,
    ticket: TicketToFile,
    filed: AtDesk,
    reference: RawBuilder<unknown>,
  ): Promise<boolean> {
    if (ticket.follows_id) return false;
    const first = isInSlack(ticket)
      ? enqueued(cardJob(ticket), "filed")
      : enqueued(triageCardJob(ticket, agentsChannel), "filed");
    const tables = [reference, filedUnseen(refOf(ticket), filed), first];
    return run.finish({ tables: sql.join(tables), isMade: sql`exists (select from filed)` });
  }
  async function saveAndShow(ref: TicketRef, filed: AtDesk): Promise<void> {
    await db.transaction().execute(async (tx) => {
      const ticket = await saveFiled(tx, ref, filed);
      await giveFollowUpReceipt(tx, ref);
      await postFirstCard(tx, ticket, agentsChannel);
      await redrawCards(tx, ticket);
    });
  }
  /** The desk keeps us waiting; the person shall not: the card says that filing goes on by itself. */
  async function showUnfiled(ref: TicketRef): Promise<void> {
    await db.transaction().execute(async (tx) => {
      await postFirstCard(tx, await lockTicket(tx, ref), agentsChannel);
    });
  }
}

function forDesk(ticket: TicketToFile): NewDeskTicket {
  return {
    ticketId: ticket.id,
    accountId: ticket.account_id,
    accountName: ticket.account_name,
    number: ticketNumber(ticket),
    subject: ticket.subject,
    description: ticket.description,
    what: ticket.what,
    who: ticket.who,
    workaround: ticket.workaround,
    priority: ticket.priority,
    ...(ticket.topic_name && { topic: ticket.topic_name }),
    ...(ticket.why && { why: ticket.why }),
    ...contactOf(ticket),
    ...(ticket.message_url && { messageUrl: ticket.message_url }),
    language: ticket.language,
    requester: requesterOf(ticket),
    createdAt: ticket.created_at,
  };
}

function requesterOf(ticket: TicketToFile): NewDeskTicket["requester"] {
  const { requester_name: name, requester_email: email } = ticket;
  if (email) return { name, email };
  const { requester_team_id: teamId, requester_user_id: userId } = mustBeInSlack(ticket);
  return { name, teamId, userId };
}

function contactOf(ticket: TicketToFile): Pick<NewDeskTicket, "contact"> {
  const { contact_name: name, contact_team_id: teamId, contact_user_id: userId } = ticket;
  if (name && ticket.contact_email) return { contact: { name, email: ticket.contact_email } };
  return name && teamId && userId ? { contact: { name, teamId, userId } } : {};
}

const Moved = z.object({ from: z.string(), to: z.string() }).partial();
const Corrected = z.object({ what: z.string(), who: z.string(), workaround: z.string() });
const Sorted = z.object({ topic: z.object({ to: z.object({ name: z.string() }) }) });
const Reviewed = z.object({ priority: z.object({ to: z.string() }), reason: z.string() });

/** A step is a comment, a change of status, or both: the comment first, as people would. A review changes the priority. */
function changesOf({ history, comment }: StepMade, statement: string | undefined): DeskChange[] {
  const { from, to } = Moved.parse(history.detail);
  const changes: DeskChange[] = [];
  if (history.event === ("priority" satisfies ContractEvent)) {
    const { priority, reason } = Reviewed.parse(history.detail);
    const change = { kind: "priority", priority: priority.to, reason } as const;
    changes.push({ changeId: `dl_${history.id}_priority`, at: history.at, ...change });
  }
  if (comment) changes.push(...aboutComment(history, comment));
  changes.push(...aboutTopic(history), ...stated(history, statement));
  if (history.event === ("facts" satisfies ContractEvent)) {
    const facts = Corrected.parse(history.detail);
    changes.push({ changeId: `dl_${history.id}_facts`, at: history.at, kind: "facts", ...facts });
  }
  if (to && from !== to) {
    changes.push({
      kind: "status",
      changeId: `dl_${history.id}_status`,
      at: history.at,
      status: to,
    });
  }
  return changes;
}

/** What Deskline itself has to say to the desk's agents. */
function stated({ id, at, actor_name }: HistoryRow, body: string | undefined): DeskChange[] {
  if (body === undefined) return [];
  const author = { kind: "agent", name: actor_name } as const;
  return [{ changeId: `dl_${id}_comment`, at, kind: "comment", author, body }];
}

function aboutTopic({ id, event, at, detail }: HistoryRow): DeskChange[] {
  if (event !== ("topic" satisfies UpkeepEvent)) return [];
  const topic = Sorted.parse(detail).topic.to.name;
  return [{ changeId: `dl_${id}_topic`, at, kind: "topic", topic }];
}

/** Words of theirs in a thread, which they see arrive. */
function isOfCustomer({ history, comment }: StepMade): boolean {
  return comment?.id === history.id && comment.author_kind === "requester";
}

/** As it is now; of one that is gone only that. One of files alone is none until an edit adds words. */
function aboutComment({ id, event, at }: HistoryRow, comment: Comment): DeskChange[] {
  const { body, edits } = comment;
  const commentId = `dl_${comment.id}_comment` as const;
  if (event === ("comment-deleted" satisfies CommentEvent))
    return [{ kind: "comment-deleted", changeId: `dl_${id}_deleted`, at, commentId }];
  if (comment.deleted_at) return [];
  if (event === ("comment-edited" satisfies CommentEvent))
    return [{ kind: "comment-edited", changeId: `dl_${id}_edited`, at, commentId, body, edits }];
  if (body === "") return [];
  const author = { kind: comment.author_kind, name: comment.author_name };
  return [{ kind: "comment", changeId: commentId, at, author, body }];
}
