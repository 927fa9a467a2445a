import type { KnownBlock, ModalView } from "@slack/types";
import { type Policy, topicOf } from "#accounts/ask.ts";
import {
  choiceInput,
  context,
  fileInput,
  modalTitle,
  personInput,
  section,
  textInput,
} from "#slack/blocks.ts";
import { oneLine } from "#slack/mrkdwn.ts";
import type { Values } from "#slack/payloads.ts";
import type { Texts } from "#text/texts.ts";
import {
  highestPriority,
  isSupported,
  needsOf,
  PRIORITIES,
  WHAT,
  WHO,
  WORKAROUND,
} from "./priority.ts";
import { articleList, redirection, topicChoices } from "./self-service-views.ts";
import { answersIn, SUBJECT_MAX, TEXT_MAX, WHY_MAX } from "./ticket.ts";

/** The callback of the form that `/ticket` opens, and the action of the fields by which it changes. */
export const NEW_TICKET = "ticket.new";
export const NEW_TICKET_CHANGED = "ticket.new-changed";

export type NewTicketForm = {
  /** Where it was asked; comes back with the submission. */
  channelId: string;
  policy: Policy;
  subject?: string;
  /** What has been answered so far. */
  values?: Values;
  /** What is missing of it, when somebody submitted before the form could show it. */
  faults?: Record<string, string>;
};

/** Short at first: what a topic or a priority needs beside it appears once it is chosen. */
export function newTicketModal(t: Texts, form: NewTicketForm): ModalView {
  const { channelId, policy, subject = "", values = {}, faults = {} } = form;
  return {
    type: "modal",
    callback_id: NEW_TICKET,
    private_metadata: channelId,
    title: modalTitle(t.newTicket.title),
    submit: modalTitle(t.newTicket.submit),
    close: modalTitle(t.labels.cancel),
    blocks: [
      ...Object.values(faults).map((fault) => section(`:warning: ${fault}`)),
      ...topicBlocks(t, policy, values),
      textInput("subject", t.labels.subject, {
        placeholder: t.newTicket.subjectPlaceholder,
        initial: oneLine(subject, SUBJECT_MAX),
        maxLength: SUBJECT_MAX,
      }),
      textInput("description", t.labels.description, {
        multiline: true,
        hint: t.newTicket.descriptionHint,
        maxLength: TEXT_MAX,
      }),
      fileInput("files", t.labels.attachments, t.newTicket.attachmentsHint),
      choiceInput("what", t.labels.what, choices(WHAT, t.what), {
        style: "select",
        placeholder: t.labels.choose,
        onChoice: NEW_TICKET_CHANGED,
      }),
      choiceInput("who", t.labels.who, choices(WHO, t.who), {
        style: "radio",
        onChoice: NEW_TICKET_CHANGED,
      }),
      choiceInput("workaround", t.labels.workaround, choices(WORKAROUND, t.workaround), {
        style: "radio",
        onChoice: NEW_TICKET_CHANGED,
      }),
      choiceInput("priority", t.labels.priority, choices(PRIORITIES, t.priorities), {
        style: "select",
        placeholder: t.labels.choose,
        hint: t.newTicket.priorityHint,
        onChoice: NEW_TICKET_CHANGED,
      }),
      ...priorityBlocks(t, policy, values),
    ],
  };
}

function topicBlocks(t: Texts, policy: Policy, values: Values): KnownBlock[] {
  if (policy.topics.length === 0) return [];
  const topic = topicOf(policy, values.topic ?? "");
  return [
    choiceInput("topic", t.labels.topic, topicChoices(t, policy), {
      style: "select",
      placeholder: t.labels.choose,
      onChoice: NEW_TICKET_CHANGED,
    }),
    ...redirection(t, topic),
    ...articleList(t, policy, topic),
  ];
}

/** The written rule beside the choice, what the answers support, and what the chosen priority needs. */
function priorityBlocks(t: Texts, policy: Policy, values: Values): KnownBlock[] {
  const { facts, priority } = answersIn(values);
  const needs = needsOf(priority, policy.priority);
  const rule = (each: typeof priority & string) =>
    t.newTicket.ruleLine(t.priorities[each], t.rules[each]);
  const isTooHigh = priority && facts && !isSupported(priority, facts);
  return [
    context(priority ? rule(priority) : t.newTicket.priorityRules(PRIORITIES.map(rule).join("\n"))),
    ...(facts && (isTooHigh || !priority)
      ? [context(t.newTicket.supports(t.priorities[highestPriority(facts)]))]
      : []),
    ...(needs.why
      ? [
          textInput("why", t.labels.why, {
            multiline: true,
            hint: t.newTicket.whyHint,
            maxLength: WHY_MAX,
          }),
        ]
      : []),
    ...(needs.contact
      ? [
          personInput("contact", t.labels.contact, {
            placeholder: t.newTicket.contactPlaceholder,
            hint: t.newTicket.contactHint,
          }),
        ]
      : []),
  ];
}

function choices<V extends string>(values: readonly V[], labels: Record<V, string>) {
  return values.map((value) => ({ value, label: labels[value] }));
}
