import pLimit from "p-limit";
import type { Handlers, Run } from "#jobs/handlers.ts";
import { isGone } from "#slack/failures.ts";
import { isFileGone } from "#slack/file-info.ts";
import { inert } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import { agentsTexts, explain } from "./agents-channel.ts";
import type { TicketNeeds } from "./jobs.ts";
import { checkFile, fetchFile } from "./outbox.ts";
import { replaceTriageCard, waitForCard, waitForTriageCard } from "./replace-card.ts";
import { deliver, giveFileUp, refuse } from "./settle-file.ts";
import { findTicket, type Ticket } from "./store.ts";
import { type Attachment, type AttachmentRef, findAttachment } from "./store-files.ts";

type SharedFileJobs = Pick<Handlers, "ticket.share-file" | "ticket.check-file">;

/** Where the desk takes no files: into the thread of the triage card, and a look at what stands there. */
export function sharedFileJobs(needs: TicketNeeds): SharedFileJobs {
  const { db, files, agentsChannel, notices, policy } = needs;
  const inMemory = pLimit(1);

  return {
    "ticket.share-file": {
      async run({ again, ...ref }, run) {
        const attachment = await findAttachment(db, ref);
        if (attachment.state !== "deleted") await share(run, ref, { attachment, again });
      },
      bury: giveFileUp,
    },
    "ticket.check-file": {
      async run(ref, run) {
        const { state, upload_id: fileId, ...file } = await findAttachment(db, ref);
        const { name, size, sha256 } = file;
        if (state === "delivered" || state === "deleted") return;
        if (!name || size === null || !sha256 || !fileId) throw new Error("nothing was uploaded");
        const at = { teamId: agentsChannel.teamId, fileId };
        await inMemory(() => files.mustBeSame(at, { size, sha256 }, run.signal));
        await db.transaction().execute((tx) => deliver(tx, ref, { name, size, sha256 }));
      },
      bury: giveFileUp,
    },
  };

  async function share(
    run: Run,
    ref: AttachmentRef,
    { attachment, again }: { attachment: Attachment; again: true | undefined },
  ): Promise<void> {
    const { name, upload_id: fileId } = attachment;
    if (!fileId || !name) throw new Error("nothing was uploaded");
    const ticket = await findTicket(db, ref);
    const thread = threadOf(ticket);
    if (!thread) return waitForTriageCard(db, run, ticket, agentsChannel);
    const comment = announcement(agentsTexts(policy(), ticket), name, attachment);
    try {
      await files.share(run, `file:${ref.attachmentId}:${fileId}`, thread, { fileId, comment });
    } catch (error) {
      // Slack keeps no upload for long that nobody shares: it waited for the agents' channel.
      const isStale = isFileGone(error) && !again;
      return isStale ? sendAgain(ref, attachment) : onUnshared(run, ticket, error);
    }
    await db.transaction().execute((tx) => checkFile(tx, agentsChannel, ref, fileId));
  }

  /** From Slack, where it lies. What came by a page lies nowhere: whoever sent it is asked to send it again. */
  async function sendAgain(ref: AttachmentRef, { team_id, upload_id, name, file_id }: Attachment) {
    await db.transaction().execute(async (tx) => {
      if (team_id === null) return refuse(tx, ref, { name: name ?? file_id, why: "interrupted" });
      await fetchFile(tx, { ...ref, after: upload_id ?? undefined }, team_id);
    });
  }

  async function onUnshared(run: Run, ticket: Ticket, error: unknown): Promise<void> {
    if (!isGone(error)) throw await explain(notices, error);
    await replaceTriageCard(db, ticket, agentsChannel);
    return waitForCard(db, run, error);
  }
}

function announcement({ agents: t }: Texts, name: string, { agent_name }: Attachment): string {
  return agent_name
    ? t.sentFileToCustomer(inert(agent_name), inert(name))
    : t.sentFile(inert(name));
}

function threadOf(ticket: Ticket) {
  const { triage_team_id: teamId, triage_channel_id: channelId, triage_ts: threadTs } = ticket;
  return teamId && channelId && threadTs ? { teamId, channelId, threadTs } : undefined;
}
