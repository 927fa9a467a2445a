import type { Policy } from "#accounts/ask.ts";
import type { Texts } from "#text/texts.ts";
import { FACTS_FIELDS, type TicketPage, ticketNumber } from "#tickets/ask.ts";
import { type Html, html } from "./html.ts";
import { faultSummary, type Values } from "./request-fields.ts";
import { hiddenFields } from "./request-form-views.ts";
import { impactFields, rulesFor } from "./request-impact-views.ts";
import { alert } from "./request-layout.ts";

type FactsForm = {
  ticket: TicketPage["ticket"];
  policy: Policy;
  nonce: string;
  values: Values;
  faults: Values;
  refused: string | undefined;
};

/** What the ticket affects, as it is now. `back`: the ticket's page. */
export function factsPage(t: Texts, form: FactsForm, back: string): Html {
  const { ticket, policy, nonce, values, faults, refused } = form;
  const { title, intro, save, back: toTicket } = t.web.facts;
  return html`<h1>${title}</h1>
<p>${t.web.page.title(ticketNumber(ticket), ticket.subject)}</p>
<p>${intro}</p>
${Object.keys(faults).length > 0 && faultSummary(t, faults, FACTS_FIELDS)}
${refused !== undefined && alert(refused)}
<form method="post" novalidate${rulesFor(t, policy)}>
${hiddenFields(t, nonce)}
${impactFields({ t, values, faults }, policy)}
<button type="submit" class="main">${save}</button>
</form>
<p><a href="${back}">${toTicket}</a></p>
`;
}
