import type { ContactState } from "#db/tables.ts";

/** What can happen to a ticket that has, or should have, a contact. */
export type ContactEvent =
  /** The priority asks for a contact, and one is named. */
  | "needed"
  /** It no longer does, or the ticket has ended. */
  | "needless"
  /** Somebody who was asked is there. */
  | "here"
  /** Whoever is asked, or was there, is not. */
  | "unavailable"
  /** The time of this turn is over. */
  | "due"
  /** An agent holds the fall. */
  | "hold";

/** What a turn does: it asks the next person, of a new round or of this one, or it leads to another state. */
export type Turn = { ask: "anew" | "next" } | { to: Exclude<ContactState, "asking"> };

/** Where nobody is left to ask. */
export const NOBODY_LEFT = "falling" satisfies ContactState;

/** The living contract: what is missing does nothing. Every state in which a priority waits for a contact has an end. */
export const TURNS: Record<ContactState, Partial<Record<ContactEvent, Turn>>> = {
  off: {
    needed: { ask: "anew" },
  },
  asking: {
    needed: { ask: "anew" },
    here: { to: "present" },
    unavailable: { ask: "next" },
    due: { ask: "next" },
    needless: { to: "off" },
  },
  present: {
    needed: { ask: "anew" },
    unavailable: { ask: "next" },
    due: { ask: "anew" },
    needless: { to: "off" },
  },
  falling: {
    needed: { ask: "anew" },
    here: { to: "present" },
    hold: { to: "held" },
    due: { to: "absent" },
    needless: { to: "off" },
  },
  held: {
    needed: { ask: "anew" },
    here: { to: "present" },
    due: { to: "falling" },
    needless: { to: "off" },
  },
  absent: {
    needed: { ask: "anew" },
    here: { to: "present" },
    needless: { to: "off" },
  },
};

type Times = {
  contact_minutes: number;
  contact_beat_minutes: number;
  fall_notice_minutes: number;
  hold_minutes: number;
};

/** Whether whoever was asked is still to answer: nobody else is there, and the ticket asks for somebody. */
export function needsAnswer(state: ContactState): boolean {
  return state !== "off" && state !== "present";
}

/** How long a turn in this state may take, in minutes; undefined: as long as nothing happens. */
export function minutesOf(state: ContactState, times: Times): number | undefined {
  const minutes: Record<ContactState, number | undefined> = {
    off: undefined,
    asking: times.contact_minutes,
    present: times.contact_beat_minutes,
    falling: times.fall_notice_minutes,
    held: times.hold_minutes,
    absent: undefined,
  };
  return minutes[state];
}

type Named = { contact_user_id: string | null; contact_email: string | null };
type Asked = { team_id: string | null; user_id: string | null; email: string | null };

/** Whether somebody is named who can be asked: in Slack, or by mail. */
export function hasContact(ticket: Named): boolean {
  return ticket.contact_user_id !== null || ticket.contact_email !== null;
}

/** Whether the priority may still count on a contact: all but who is known not to be there. */
export function countsOnContact(ticket: Named & { contact_state: ContactState }): boolean {
  if (ticket.contact_state === "off") return hasContact(ticket);
  return ticket.contact_state !== "absent";
}

/** Whether whoever was asked is the contact now, not one who was only asked. */
export function isContact(
  ticket: Named & { contact_team_id: string | null },
  { team_id, user_id, email }: Asked,
): boolean {
  if (email) return email === ticket.contact_email;
  return team_id === ticket.contact_team_id && user_id === ticket.contact_user_id;
}
