import type { KnownBlock, ModalView } from "@slack/types";
import { type Policy, topicOf } from "#accounts/ask.ts";
import {
  actions,
  choiceInput,
  choiceMenu,
  context,
  fileInput,
  modalTitle,
  section,
  textInput,
} from "#slack/blocks.ts";
import { oneLine } from "#slack/mrkdwn.ts";
import type { Values } from "#slack/payloads.ts";
import type { Texts } from "#text/texts.ts";
import { NO_SCORES, type Scores } from "./article-votes.ts";
import { contractInputs } from "./contract-form.ts";
import { type FormPlace, writePlace } from "./form-place.ts";
import { articleList, redirection, topicChoices } from "./self-service-views.ts";
import { SUBJECT_MAX, TEXT_MAX } from "./ticket.ts";

/** The callback of the form that `/ticket` opens, and the action of the fields by which it changes. */
export const NEW_TICKET = "ticket.new";
export const NEW_TICKET_CHANGED = "ticket.new-changed";

export type NewTicketForm = {
  /** Comes back with the submission. */
  place: FormPlace;
  policy: Policy;
  subject?: string;
  description?: string;
  /** What has been answered so far. */
  values?: Values;
  /** Of the articles of the chosen topic. */
  scores?: Scores;
  /** What is missing of it, when somebody submitted before the form could show it. */
  faults?: Record<string, string>;
};

/**
 * Short at first: what a topic or a priority needs beside it appears once it is chosen. A topic of another team leaves
 * nothing to fill, unless something is filled already: that stays, and nothing more is asked for.
 */
export function newTicketModal(t: Texts, form: NewTicketForm): ModalView {
  const { place, policy, values = {} } = form;
  const isRedirected = Boolean(topicOf(policy, values.topic ?? "")?.redirect);
  return {
    type: "modal",
    callback_id: NEW_TICKET,
    private_metadata: writePlace(place),
    title: modalTitle(t.newTicket.title),
    ...(isRedirected && isUntouched(values)
      ? { close: modalTitle(t.labels.close), blocks: elsewhereBlocks(t, form) }
      : {
          submit: modalTitle(t.newTicket.submit),
          close: modalTitle(t.labels.cancel),
          blocks: isRedirected ? fieldBlocks(t, form).map(asOptional) : fieldBlocks(t, form),
        }),
  };
}

/** Slack would ask for what is of no use there before the sentence says where to go. */
function asOptional(block: KnownBlock): KnownBlock {
  return block.type === "input" && block.block_id !== "topic"
    ? { ...block, optional: true }
    : block;
}

function isUntouched({ topic: _topic, ...others }: Values): boolean {
  return Object.values(others).every((value) => value === "");
}

function fieldBlocks(t: Texts, form: NewTicketForm): KnownBlock[] {
  const { place, policy, subject = "", description = "", values = {}, faults = {} } = form;
  return [
    ...Object.values(faults).map((fault) => section(`:warning: ${fault}`)),
    ...(place.message ? [context(t.newTicket.fromMessage)] : []),
    ...topicBlocks(t, form),
    textInput("subject", t.labels.subject, {
      placeholder: t.newTicket.subjectPlaceholder,
      initial: oneLine(subject, SUBJECT_MAX),
      maxLength: SUBJECT_MAX,
    }),
    textInput("description", t.labels.description, {
      multiline: true,
      hint: t.newTicket.descriptionHint,
      initial: description,
      maxLength: TEXT_MAX,
    }),
    fileInput("files", t.labels.attachments, t.newTicket.attachmentsHint),
    ...contractInputs(t, { policy, values, onChoice: NEW_TICKET_CHANGED }),
  ];
}

function elsewhereBlocks(t: Texts, { policy, values = {}, scores = NO_SCORES }: NewTicketForm) {
  const topic = topicOf(policy, values.topic ?? "");
  const menu = choiceMenu(
    NEW_TICKET_CHANGED,
    t.labels.choose,
    topicChoices(t, policy),
    values.topic,
  );
  return [
    section(`*${t.labels.topic}*`),
    ...actions("topic", [menu]),
    ...redirection(t, topic),
    ...articleList(t, policy, topic, scores),
  ];
}

function topicBlocks(t: Texts, form: NewTicketForm): KnownBlock[] {
  const { policy, values = {}, scores = NO_SCORES } = form;
  if (policy.topics.length === 0) return [];
  const topic = topicOf(policy, values.topic ?? "");
  return [
    choiceInput("topic", t.labels.topic, topicChoices(t, policy), {
      style: "select",
      placeholder: t.labels.choose,
      onChoice: NEW_TICKET_CHANGED,
      ...(values.topic && { initial: values.topic }),
    }),
    ...redirection(t, topic),
    ...articleList(t, policy, topic, scores),
  ];
}
