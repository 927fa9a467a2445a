/** The action id of every *Submit a ticket* button, wherever it stands, and the callback of the shortcut. */
export const OPEN_NEW_TICKET = "ticket.open-new";
/** The same of every *My tickets*. */
export const SHOW_MY_TICKETS = "tickets.mine";
