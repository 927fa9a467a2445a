import type { ModalView } from "@slack/types";
import { context, modalTitle, personInput, section } from "#slack/blocks.ts";
import { bold, date, inert } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import type { Ticket } from "./store.ts";
import type { StepMade } from "./store-history.ts";
import { agentsSaid } from "./thread-views.ts";
import { ticketNumber } from "./ticket.ts";
import { ticketModal } from "./ticket-modal.ts";
import { STEP_BUTTON } from "./views.ts";

/** So many steps fit into one modal, with what stands above them. */
export const STEPS_SHOWN = 90;

export function assignModal(t: Texts, ticket: Ticket): ModalView {
  return ticketModal(t, ticket, {
    callbackId: STEP_BUTTON.assign,
    title: t.triage.assignTitle,
    submit: t.modals.save,
    blocks: [
      personInput("assignee", t.labels.assignee, {
        placeholder: t.triage.assignPlaceholder,
        hint: t.triage.assignHint,
        initial: ticket.assignee_user_id ?? undefined,
      }),
    ],
  });
}

/** All that happened, the newest first. */
export function historyModal(
  t: Texts,
  ticket: Ticket,
  { steps, isMore }: { steps: readonly StepMade[]; isMore: boolean },
): ModalView {
  return {
    type: "modal",
    title: modalTitle(t.triage.history),
    close: modalTitle(t.labels.close),
    blocks: [
      section(bold(ticketNumber(ticket))),
      ...steps.map((step) => section(lineOf(t, ticket, step))),
      ...(isMore ? [context(t.triage.olderSteps)] : []),
    ],
  };
}

function lineOf(t: Texts, ticket: Ticket, step: StepMade): string {
  const { at, event } = step.history;
  const line = event === "filed" ? filedLine(t, step) : agentsSaid(t, ticket, step).line;
  return `${date(at, t.moment(at, "UTC"))} · ${line}`;
}

function filedLine(t: Texts, { history }: StepMade): string {
  const { actor_kind: kind, actor_name: name } = history;
  return kind === "agent" ? t.triage.openedByAgent(inert(name)) : t.triage.filed;
}
