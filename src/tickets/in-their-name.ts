import { spoken } from "#slack/quotation.ts";
import { type Signed, senderName } from "#slack/signed.ts";
import type { Texts } from "#text/texts.ts";
import type { SlackTicket } from "./store.ts";
import type { StepMade } from "./store-history.ts";
import { buttonBlocks, type Said, threadMessage } from "./thread-views.ts";

/** What an agent says to a customer in so many words: it stands in the thread in their own name. */
export function isInTheirName({ history, comment }: StepMade): boolean {
  return history.actor_kind === "agent" && Boolean(comment?.body) && history.event in LINES;
}

/** Undefined for what is not said by an agent. The sender names them, so that the words need not. */
export function inTheirName(
  t: Texts,
  ticket: SlackTicket,
  step: StepMade,
  { said, pictureUrl }: { said: Said; pictureUrl: string | undefined },
): Signed | undefined {
  const body = step.comment?.body;
  if (!isInTheirName(step) || !body) return undefined;
  const name = senderName(step.history.actor_name, t.thread.sender);
  const line = LINES[step.history.event as keyof typeof LINES](t, ticket.requester_user_id);
  const { text, blocks } = spoken(body, line);
  return {
    text,
    blocks: [...blocks, ...buttonBlocks(said)],
    sender: { name, pictureUrl },
    unsigned: threadMessage(said),
  };
}

const LINES = {
  reply: () => undefined,
  ask: (t: Texts, userId: string) => t.thread.signed.asked(userId),
  offer: (t: Texts, userId: string) => t.thread.signed.offered(userId),
};
