import type { KnownBlock } from "@slack/types";
import { section } from "#slack/blocks.ts";
import { inertWithin } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import type { StandingAttachment } from "./store-files.ts";

const LISTED = 10; // as many as one form takes; what came later is in the thread
const NAME = 80;

/** For the agents: what came, how large it is, and whether they have it. */
export function attachmentList(
  t: Texts,
  attachments: readonly StandingAttachment[],
  listed = LISTED,
): KnownBlock[] {
  if (attachments.length === 0) return [];
  const lines = attachments.slice(0, listed).map((each) => line(t, each));
  const more = attachments.length - lines.length;
  if (more > 0) lines.push(t.triage.moreAttachments(more));
  return [section(t.triage.attachments(lines.join("\n")))];
}

function line(t: Texts, { file_id, name, size, state, why }: StandingAttachment): string {
  const { fileStates, fileRefused, attachment } = t.triage;
  const told = state === "refused" ? fileRefused(why ?? "undelivered") : fileStates[state];
  return attachment(inertWithin(name ?? file_id, NAME), size === null ? "" : sizeOf(size), told);
}

/** "1.2 MB" */
export function sizeOf(bytes: number): string {
  const kilobytes = bytes / 1024;
  if (kilobytes < 1) return `${bytes} B`;
  if (kilobytes < 1000) return `${Math.round(kilobytes)} KB`;
  return `${(kilobytes / 1024).toFixed(1)} MB`;
}
