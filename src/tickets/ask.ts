/** The action id of every *Submit a ticket* button, wherever it stands. */
export const OPEN_NEW_TICKET = "ticket.open-new";
