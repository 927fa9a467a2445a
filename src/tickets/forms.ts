import type { ModalView } from "@slack/types";
import { actions, button, type Message, modalTitle, section, textInput } from "#slack/blocks.ts";
import { mention } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import { OPEN_FROM_MESSAGE } from "./ask.ts";
import { type FormPlace, writePlace } from "./form-place.ts";
import type { Ticket } from "./store.ts";
import { TEXT_MAX } from "./ticket.ts";
import { ticketModal } from "./ticket-modal.ts";
import { channelMention, isConversation, STEP_BUTTON } from "./views.ts";

/** Stands until the words of a message are known: a field that stands already does not take other words. */
export function readingModal(t: Texts): ModalView {
  return {
    type: "modal",
    title: modalTitle(t.newTicket.title),
    close: modalTitle(t.labels.cancel),
    blocks: [section(t.newTicket.reading)],
  };
}

/** What a 🎫 on a message brings: the button for the form, which only a press can open. */
export function formOffer(
  t: Texts,
  { userId, place }: { userId: string; place: FormPlace },
): Message {
  const line = t.newTicket.offer(mention(userId));
  const open = button(OPEN_FROM_MESSAGE, t.newTicket.fromThis, writePlace(place));
  return { text: line, blocks: [section(line), ...actions("ticket.offer", [open])] };
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

/** What the requester adds. */
export function informationModal(t: Texts, ticket: Ticket): ModalView {
  const { information, informationLabel, informationHint } = t.modals;
  return ticketModal(t, ticket, {
    callbackId: STEP_BUTTON.inform,
    title: information,
    blocks: [
      textInput("body", informationLabel, {
        multiline: true,
        hint: informationHint,
        maxLength: TEXT_MAX,
      }),
    ],
  });
}
