import pLimit from "p-limit";
import { Problem, type ProblemFacts, RetryLater } from "#errors.ts";
import type { Handlers, Run } from "#jobs/handlers.ts";
import { isPlaceLost } from "#slack/failures.ts";
import { isFileGone } from "#slack/file-info.ts";
import { inert } from "#slack/mrkdwn.ts";
import { textsOf } from "#text/texts.ts";
import type { TicketNeeds } from "./jobs.ts";
import { sendFile, showFile, tellAgents, threadOf } from "./outbox.ts";
import { replaceCard, waitForCard } from "./replace-card.ts";
import { findTicket, lockTicket, mustBeInSlack, type SlackTicket } from "./store.ts";
import { insertFileUnsent, type UnsentFile } from "./store-history.ts";
import {
  findSentFile,
  type SentFile,
  type SentFileRef,
  saveSentFile,
  saveSentUpload,
  saveUnsent,
} from "./store-sent-files.ts";

type SentFileJobs = Pick<Handlers, "ticket.send-file" | "ticket.show-file">;

/** What an agent sends along: from their workspace into the customer's, and into the thread there. */
export function sentFileJobs(needs: TicketNeeds): SentFileJobs {
  const { db, files } = needs;
  const inMemory = pLimit(1);

  return {
    "ticket.send-file": {
      async run({ after, ...ref }, run) {
        const sent = await findSentFile(db, ref);
        const isUploaded = sent.upload_id !== null && sent.upload_id !== after;
        if (sent.state === "sent" || isUploaded) return;
        if (inMemory.activeCount > 0) {
          // To wait here would keep a place in the worker, and count against the time of the run.
          throw new RetryLater("enough files are on their way", { afterMs: 2000 });
        }
        await inMemory(() => upload(run, ref, sent)).catch((error: unknown) =>
          orUnsent(ref, error),
        );
      },
      bury: giveUp,
    },
    "ticket.show-file": {
      async run({ again, ...ref }, run) {
        const sent = await findSentFile(db, ref);
        if (sent.state === "sent") return;
        const ticket = mustBeInSlack(await findTicket(db, ref));
        try {
          await show(run, ref, { sent, ticket });
        } catch (error) {
          // Slack keeps no upload for long that nobody shares: it waited for the card.
          const isStale = isFileGone(error) && !again;
          return isStale ? sendAgain(ref, sent) : onUnshown(run, ticket, error);
        }
      },
      bury: giveUp,
    },
  };

  async function upload(run: Run, ref: SentFileRef, sent: SentFile): Promise<void> {
    const { team_id: teamId, file_id: fileId, upload_id: before } = sent;
    const { asked_team_id: to } = mustBeInSlack(await findTicket(db, ref));
    const found = await files.find({ teamId, fileId });
    const file = await files.fetch(found, run.signal);
    const uploadId = await files.upload(run, to, file);
    await db.transaction().execute(async (tx) => {
      const ticket = mustBeInSlack(await lockTicket(tx, ref));
      await saveSentUpload(tx, ref, uploadId);
      await showFile(tx, ticket, { ...ref, uploadId, again: before !== null });
    });
  }

  async function show(
    run: Run,
    ref: SentFileRef,
    { sent, ticket }: { sent: SentFile; ticket: SlackTicket },
  ): Promise<void> {
    const { upload_id: fileId, agent_name: agent } = sent;
    if (!fileId) throw new Error("nothing was uploaded");
    const thread = threadOf(ticket);
    if (!thread) return waitForCard(db, run);
    const comment = textsOf(ticket.language).thread.sentFile(inert(agent));
    await files.share(run, `sent-file:${ref.sentFileId}:${fileId}`, thread, { fileId, comment });
    await saveSentFile(db, ref);
  }

  async function onUnshown(run: Run, ticket: SlackTicket, error: unknown): Promise<void> {
    if (!isPlaceLost(error)) throw error;
    await replaceCard(needs, ticket, error);
    return waitForCard(db, run, error);
  }

  async function sendAgain(ref: SentFileRef, { team_id: teamId, upload_id: after }: SentFile) {
    await db
      .transaction()
      .execute((tx) => sendFile(tx, { ...ref, after: after ?? undefined }, teamId));
  }

  async function orUnsent(ref: SentFileRef, error: unknown): Promise<void> {
    if (!(error instanceof Problem) || error.code !== "file-refused") throw error;
    const { why } = error.facts as ProblemFacts["file-refused"]; // its own
    await db.transaction().execute((tx) => tellUnsent(tx, ref, { why }));
  }
}

const giveUp: NonNullable<SentFileJobs["ticket.send-file"]["bury"]> = (
  tx,
  { accountId, ticketId, sentFileId },
  { reference },
) => tellUnsent(tx, { accountId, ticketId, sentFileId }, { why: "undelivered", reference });

/** Said to the agents: the customer knows nothing of it. */
async function tellUnsent(
  tx: Parameters<typeof giveUp>[0],
  ref: SentFileRef,
  why: Pick<UnsentFile, "why" | "reference">,
): Promise<void> {
  const ticket = await lockTicket(tx, ref);
  const unsent = await saveUnsent(tx, ref);
  if (!unsent) return;
  const { name, agent_name: author } = unsent;
  await tellAgents(tx, ticket, await insertFileUnsent(tx, ref, { name, author, ...why }));
}
