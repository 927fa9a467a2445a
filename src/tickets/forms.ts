import type { ModalView } from "@slack/types";
import { choiceInput, context, modalTitle, section, textInput } from "#slack/blocks.ts";
import { bold, oneLine } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import { PRIORITIES, WHAT, WHO, WORKAROUND } from "./priority.ts";
import type { Ticket } from "./store.ts";
import { SUBJECT_MAX, TEXT_MAX, ticketNumber } from "./ticket.ts";
import {
  channelMention,
  isConversation,
  STEP_BUTTON,
  SUBJECT_SHOWN,
  ticketValue,
} from "./views.ts";

/** The callback of the form that `/ticket` opens. */
export const NEW_TICKET = "ticket.new";

export function newTicketModal(t: Texts, asked: { channelId: string; subject: string }): ModalView {
  const choices = <V extends string>(values: readonly V[], labels: Record<V, string>) =>
    values.map((value) => ({ value, label: labels[value] }));
  const rules = PRIORITIES.map((each) => t.newTicket.ruleLine(t.priorities[each], t.rules[each]));
  return {
    type: "modal",
    callback_id: NEW_TICKET,
    private_metadata: asked.channelId,
    title: modalTitle(t.newTicket.title),
    submit: modalTitle(t.newTicket.submit),
    close: modalTitle(t.labels.cancel),
    blocks: [
      textInput("subject", t.labels.subject, {
        placeholder: t.newTicket.subjectPlaceholder,
        initial: oneLine(asked.subject, SUBJECT_MAX),
        maxLength: SUBJECT_MAX,
      }),
      textInput("description", t.labels.description, {
        multiline: true,
        hint: t.newTicket.descriptionHint,
        maxLength: TEXT_MAX,
      }),
      choiceInput("what", t.labels.what, choices(WHAT, t.what), {
        style: "select",
        placeholder: t.labels.choose,
      }),
      choiceInput("who", t.labels.who, choices(WHO, t.who), { style: "radio" }),
      choiceInput("workaround", t.labels.workaround, choices(WORKAROUND, t.workaround), {
        style: "radio",
      }),
      choiceInput("priority", t.labels.priority, choices(PRIORITIES, t.priorities), {
        style: "select",
        placeholder: t.labels.choose,
        hint: t.newTicket.priorityHint,
      }),
      context(t.newTicket.priorityRules(rules.join("\n"))),
    ],
  };
}

/** What the modal turns into once the ticket is saved. */
export function submittedModal(t: Texts, filed: { number: string; channelId: string }): ModalView {
  const { number, channelId } = filed;
  const isChannel = channelId !== "" && !isConversation(channelId);
  const where = isChannel
    ? t.filed.inChannel(number, channelMention(channelId))
    : t.filed.inMessages(number);
  return {
    type: "modal",
    title: modalTitle(t.filed.title),
    close: modalTitle(t.labels.close),
    blocks: [section(where)],
  };
}

/** One modal for reply, question and added information: what is typed differs, not how. */
export function commentModal(
  t: Texts,
  step: "reply" | "ask" | "inform",
  ticket: Ticket,
): ModalView {
  const words = {
    reply: [t.modals.reply, t.modals.replyLabel, t.modals.replyHint],
    ask: [t.modals.ask, t.modals.askLabel, t.modals.askHint],
    inform: [t.modals.information, t.modals.informationLabel, t.modals.informationHint],
  }[step] as [string, string, string];
  const [title, label, hint] = words;
  return {
    type: "modal",
    callback_id: STEP_BUTTON[step],
    private_metadata: ticketValue(ticket),
    title: modalTitle(title),
    submit: modalTitle(t.modals.send),
    close: modalTitle(t.labels.cancel),
    blocks: [
      section(bold(t.modals.about(ticketNumber(ticket), oneLine(ticket.subject, SUBJECT_SHOWN)))),
      textInput("body", label, { multiline: true, hint, maxLength: TEXT_MAX }),
    ],
  };
}
