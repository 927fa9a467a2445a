/** The action id of every *Submit a ticket* button, wherever it stands. */
export const OPEN_NEW_TICKET = "ticket.open-new";
/** The same of every *My tickets*. */
export const SHOW_MY_TICKETS = "tickets.mine";

export { highestPriority, needsOf, PRIORITIES, WHAT, WHO, WORKAROUND } from "./priority.ts";
export { answersIn, CommentBody, type FieldFault, stepsFrom, ticketNumber } from "./ticket.ts";
export { WEB_FIELDS, type WebDraft, type WebFaults } from "./web-draft.ts";
export type { PageStep, TicketPage, WebTickets } from "./web-tickets.ts";
