import type { KnownBlock, ModalView } from "@slack/types";
import { type CannedReply, PLACEHOLDERS } from "#accounts/ask.ts";
import {
  actions,
  alert,
  button,
  choiceInput,
  choiceMenu,
  context,
  fileInput,
  modalTitle,
  section,
  textInput,
} from "#slack/blocks.ts";
import { inertWithin } from "#slack/mrkdwn.ts";
import { quotation } from "#slack/quotation.ts";
import type { Texts } from "#text/texts.ts";
import { markOf } from "./note-guard.ts";
import type { Recipients } from "./recipients.ts";
import { isInSlack, type Ticket } from "./store.ts";
import type { Note } from "./store-notes.ts";
import type { Outgoing } from "./store-outgoing.ts";
import { TEXT_MAX, ticketNumber } from "./ticket.ts";
import { ticketModal } from "./ticket-modal.ts";
import { STEP_BUTTON, ticketValue } from "./views.ts";

/** What agents say to customers, each with a button of its own on the triage card. */
export const COMPOSED = ["reply", "ask", "offer"] as const;
export type Composed = (typeof COMPOSED)[number];
/** How far a workaround can help, as it is offered. */
export const HELPS = ["yes", "limited"] as const;

export const SEND_COMMENT = "ticket.send-comment";
export const EDIT_COMMENT = "ticket.edit-comment";
export const UNDO_COMMENT = "ticket.undo-comment";
export const SEND_NOW = "ticket.send-now";
export const REMOVE_FILES = "ticket.remove-files";
export const CHOOSE_CANNED = "ticket.choose-canned";
/** How the block of the text begins: a text that comes from us stands in a block of its own. */
export const BODY = "body";
const NOTE_SHOWN = 300;
const NAME_SHOWN = 75;
const FILE_SHOWN = 150;
/** The block of what is sent along. */
const FILES = "files";

export type Composing = {
  step: Composed;
  canned: readonly CannedReply[];
  recipients?: Recipients | undefined;
  typed?: string;
  helps?: (typeof HELPS)[number] | null;
  /** What was chosen before it came back into the form. */
  kept?: Pick<Outgoing, "id" | "files"> | undefined;
  /** Of the text's block, that a text of ours takes the place of what stood there. */
  round?: string;
};

/** What is said to the customer, and who will read it. */
export function composerModal(t: Texts, ticket: Ticket, composing: Composing): ModalView {
  const { step, canned, recipients, typed, helps, round, kept } = composing;
  const words = t.compose.steps[step];
  const choices = canned.map(({ id, name }) => ({ value: id, label: name[t.language] }));
  const menu = choiceMenu(CHOOSE_CANNED, t.compose.canned, choices);
  return ticketModal(t, ticket, {
    callbackId: STEP_BUTTON[step],
    title: words.title,
    submit: t.compose.preview,
    value: [ticketValue(ticket), step, ...(kept ? [kept.id] : [])].join("/"),
    blocks: [
      ...toWhom(t, ticket, recipients),
      ...(choices.length > 0 ? actions("canned", [menu]) : []),
      textInput(round ? `${BODY}-${round}` : BODY, words.label, {
        multiline: true,
        hint: isInSlack(ticket) ? words.hint : words.hintByMail,
        maxLength: TEXT_MAX,
        ...(typed && { initial: typed }),
      }),
      ...(step === "offer" ? [helpsInput(t, helps ?? undefined)] : filesInput(t, ticket, kept)),
    ],
  });
}

/** The same once more, as it will leave; `repeated`: a note whose words it has. */
export function previewModal(
  t: Texts,
  ticket: Ticket,
  { outgoing, recipients, repeated }: Preview,
): ModalView {
  const value = outgoingValue(ticket, outgoing);
  return ticketModal(t, ticket, {
    callbackId: SEND_COMMENT,
    title: t.compose.check,
    submit: repeated ? t.compose.sendAllTheSame : t.modals.send,
    value: repeated ? `${value}/${markOf(outgoing.body)}` : value,
    above: repeated ? [repeats(t, repeated)] : [],
    blocks: [
      ...toWhom(t, ticket, recipients),
      ...quotation(outgoing.body),
      ...attached(t, outgoing),
      ...(outgoing.helps
        ? [context(t.compose.helps(t.workaroundOffer.helping[outgoing.helps]))]
        : []),
      ...actions("outgoing", [button(EDIT_COMMENT, t.compose.edit, value)]),
    ],
  });
}
export type Preview = { outgoing: Outgoing; recipients: Recipients; repeated: Note | undefined };

/** It has been let go, and has not left: for so many seconds. */
export function sendingModal(
  t: Texts,
  ticket: Ticket,
  outgoing: Pick<Outgoing, "id">,
  seconds: number,
): ModalView {
  const value = outgoingValue(ticket, outgoing);
  return saying(t, [
    section(t.compose.sending(ticketNumber(ticket), seconds)),
    ...actions("outgoing", [
      button(UNDO_COMMENT, t.compose.undo, value, "primary"),
      button(SEND_NOW, t.compose.sendNow, value),
    ]),
  ]);
}

export function sentModal(t: Texts, ticket: Ticket): ModalView {
  return saying(t, [section(t.compose.sent(ticketNumber(ticket)))]);
}

export function notSentModal(t: Texts): ModalView {
  return saying(t, [section(t.compose.notSent)]);
}

/** In place of a form that cannot go on. */
export function sorryModal(t: Texts, sentence: string): ModalView {
  return saying(t, [section(sentence)]);
}

/** The text of a canned reply, in the language of the ticket. */
export function filledIn(
  { text }: CannedReply,
  ticket: Ticket,
  { agentName }: { agentName: string },
): string {
  const values: Record<(typeof PLACEHOLDERS)[number], string> = {
    requester: ticket.requester_name,
    number: ticketNumber(ticket),
    subject: ticket.subject,
    agent: agentName,
  };
  return PLACEHOLDERS.reduce(
    (filled, name) => filled.replaceAll(`{${name}}`, () => values[name]),
    text[ticket.language],
  );
}

function toWhom(t: Texts, ticket: Ticket, to: Recipients | undefined): KnownBlock[] {
  const language = t.compose.reads[ticket.language];
  if (!to) return [context(language)];
  return [context([whoReads(t, ticket, to), language].join("\n"))];
}

function whoReads(t: Texts, ticket: Ticket, to: Recipients): string {
  const name = inertWithin(ticket.requester_name, NAME_SHOWN);
  if (to.by === "mail") return t.compose.byMail(name, inertWithin(to.email, 254));
  if (to.by === "dm") return t.compose.inDm(name);
  const account = inertWithin(to.account, NAME_SHOWN);
  if (!to.facts) return t.compose.inUnknown(account);
  const { name: channel, members, isPrivate, isShared } = to.facts;
  const shown = `#${inertWithin(channel, NAME_SHOWN)}`;
  const kind = isPrivate ? t.compose.privately(members) : t.compose.openly(members);
  return t.compose.inChannel(account, shown, isShared ? t.compose.shared(kind) : kind);
}

function repeats(t: Texts, { authorName, note }: Note): KnownBlock {
  const [author, shown] = [inertWithin(authorName, NAME_SHOWN), inertWithin(note, NOTE_SHOWN)];
  return alert("warning", t.compose.repeats(author, shown));
}

/** By mail go words alone. */
function filesInput(t: Texts, ticket: Ticket, kept: Composing["kept"]): KnownBlock[] {
  if (!isInSlack(ticket)) return [context(t.compose.noFiles)];
  const input = fileInput(FILES, t.labels.attachments, t.compose.filesHint);
  if (!kept || kept.files.length === 0) return [input];
  const remove = button(REMOVE_FILES, t.compose.removeFiles, outgoingValue(ticket, kept));
  return [section(t.compose.keptFiles(namesOf(t, kept)), remove), input];
}

function attached(t: Texts, outgoing: Outgoing): KnownBlock[] {
  return outgoing.files.length > 0 ? [context(t.compose.attached(namesOf(t, outgoing)))] : [];
}

function namesOf(t: Texts, { files }: Pick<Outgoing, "files">): string {
  return files.map(({ name }) => inertWithin(name, FILE_SHOWN)).join(t.labels.separator);
}

function helpsInput(t: Texts, initial: string | undefined): KnownBlock {
  const choices = HELPS.map((value) => ({ value, label: t.workaroundOffer.helping[value] }));
  return choiceInput("helps", t.workaroundOffer.helps, choices, {
    style: "radio",
    hint: t.workaroundOffer.helpsHint,
    ...(initial && { initial }),
  });
}

function saying(t: Texts, blocks: KnownBlock[]): ModalView {
  return {
    type: "modal",
    title: modalTitle(t.compose.title),
    close: modalTitle(t.labels.close),
    blocks,
  };
}

function outgoingValue(ticket: Ticket, { id }: Pick<Outgoing, "id">): string {
  return `${ticketValue(ticket)}/${id}`;
}
