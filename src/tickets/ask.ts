export { isOfTicket } from "./thread-reply.ts";

/** The action id of every *Submit a ticket* button, wherever it stands, and the callback of the shortcut. */
export const OPEN_NEW_TICKET = "ticket.open-new";
/** The callback of the shortcut in the menu of a message, and the action of the button that offers the same. */
export const OPEN_FROM_MESSAGE = "ticket.open-from-message";
/** The same of every *My tickets*. */
export const SHOW_MY_TICKETS = "tickets.mine";

export { NO_SCORES, type Score, type Scores } from "./article-votes.ts";
export { sizeOf } from "./attachment-views.ts";
export type { ContactSays } from "./contact-answer.ts";
export { contactOnPage } from "./contact-views.ts";
export { contractLine } from "./contract-said.ts";
export { asksForHelp, helpMessage } from "./help.ts";
export { ListQuery } from "./list.ts";
export { shownList } from "./list-shown.ts";
export { type ListButtons, type ShownList, ticketList } from "./list-views.ts";
export { mailZone } from "./mail-views.ts";
export { mergeLine } from "./merge-said.ts";
export { highestPriority, needsOf, PRIORITIES, WHAT, WHO, WORKAROUND } from "./priority.ts";
export { type Replayed, replayPolicy } from "./replay.ts";
export {
  GROUPINGS,
  type Group,
  type Grouping,
  makeReport,
  REPORT_COLUMNS,
  type Report,
  reportRows,
  type Spread,
} from "./report.ts";
export type { FileRefusal } from "./settle-file.ts";
export type { KeptDraft } from "./store-web.ts";
export { reopens } from "./thread-views.ts";
export {
  answersIn,
  CommentBody,
  type FieldFault,
  RatingWords,
  stepsFrom,
  ticketNumber,
} from "./ticket.ts";
export { contactStanding } from "./views.ts";
export type { ContactPage, WebContacts } from "./web-contacts.ts";
export { FACTS_FIELDS, WEB_FIELDS, type WebFaults } from "./web-draft.ts";
export type { WebFacts } from "./web-facts.ts";
export type { PageStep, TicketPage, WebPages } from "./web-page.ts";
export type { FoundRequest, WebRequests } from "./web-requests.ts";
export type { WebVote, WebVotes } from "./web-votes.ts";
