import type { Handlers, Run } from "#jobs/handlers.ts";
import { actions, type Message } from "#slack/blocks.ts";
import { isPlaceLost } from "#slack/failures.ts";
import type { MessageAddress } from "#slack/messenger.ts";
import { textsOf } from "#text/texts.ts";
import type { TicketNeeds } from "./jobs.ts";
import { threadOf } from "./outbox.ts";
import { waitForCard } from "./replace-card.ts";
import { mustBeInSlack, type TicketRef } from "./store.ts";
import { findTold } from "./store-catch-up.ts";
import { findUnanswered } from "./store-choices.ts";
import { findTicketAtStep } from "./store-history.ts";
import { customerSaid, type Said } from "./thread-views.ts";

type Step = TicketRef & { historyId: string };
type Buttons = Said["buttons"];

/** What asks the requester something has its buttons as long as they may answer; a merge that is undone gives them back. */
export function buttonsJobs(
  needs: Pick<TicketNeeds, "db" | "messenger">,
): Pick<Handlers, "ticket.edit-buttons"> {
  const { db, messenger } = needs;
  return {
    "ticket.edit-buttons": {
      async run(step, run) {
        const told = await findTold(db, step, { historyId: step.historyId, reader: "customer" });
        if (told === "waiting") return waitForCard(db, run);
        if (!told) return;
        const { thread, buttons } = await findChoice(step);
        if (!thread) return; // they stood in one that is gone
        const at = { teamId: thread.teamId, channelId: thread.channelId, ts: told.ts };
        await edit(run, at, (now) => {
          const next = withButtons(now, step.historyId, buttons);
          // Where they stood among several nobody knows any more.
          return buttons && !told.isAlone ? undefined : next;
        }).catch(orNobodysThere);
      },
    },
  };

  /** Where it was asked, and the buttons if it may be answered now. */
  async function findChoice(asked: Step) {
    const { ticket: found, step } = await findTicketAtStep(db, asked);
    const ticket = mustBeInSlack(found);
    const isOpen = (await findUnanswered(db, asked)).includes(asked.historyId);
    const said = customerSaid(textsOf(ticket.language), ticket, step);
    return { thread: threadOf(ticket), buttons: isOpen ? said.buttons : undefined };
  }

  /** As it stands, not as it would be drawn: whether it is in an agent's name, was decided when it was posted. */
  async function edit(
    run: Run,
    at: MessageAddress,
    change: (now: Message) => Message | undefined,
  ): Promise<void> {
    const now = await messenger.findMessage(at);
    const next = now && change(now);
    if (next) await messenger.edit(run, at, next);
  }
}

/** Undefined: it has them, or has none, as it should. */
function withButtons(
  { text, blocks }: Message,
  historyId: string,
  buttons: Buttons,
): Message | undefined {
  const ids = [`offer.${historyId}`, `fixed.${historyId}`];
  const words = blocks.filter(({ block_id: id }) => !id || !ids.includes(id));
  const hasThem = words.length < blocks.length;
  if (hasThem === (buttons !== undefined)) return undefined;
  return { text, blocks: [...words, ...(buttons ? actions(buttons.id, buttons.elements) : [])] };
}

/** There is nobody left to press them. */
function orNobodysThere(error: unknown): void {
  if (!isPlaceLost(error)) throw error;
}
