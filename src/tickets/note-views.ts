import type { KnownBlock } from "@slack/types";
import { alert } from "#slack/blocks.ts";
import { inertWithin } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import { markOf } from "./note-guard.ts";
import type { Ticket } from "./store.ts";
import type { Note } from "./store-notes.ts";
import { ticketValue } from "./views.ts";

const NOTE_SHOWN = 300;

/** What an agent typed for the customer, and the note that it repeats. */
export type Repeating = { typed: string; repeated: Note };

/** What a form for the customer's eyes becomes when its words repeat a note: sending it once more confirms it. */
export function confirmation(t: Texts, ticket: Ticket, repeating: Repeating | undefined) {
  if (!repeating) return { above: [], initial: {} };
  const { typed, repeated } = repeating;
  const { authorName, note } = repeated;
  const warning = t.notes.repeats(inertWithin(authorName, 75), inertWithin(note, NOTE_SHOWN));
  return {
    above: [alert("warning", warning)] as KnownBlock[],
    initial: { initial: typed },
    submit: t.notes.sendAllTheSame,
    value: `${ticketValue(ticket)}/${markOf(typed)}`,
  };
}

/** The mark of the words that whoever sends this form once more confirms. */
export function confirmedIn(metadata: string): string | undefined {
  return metadata.split("/")[2];
}
