import type { Texts } from "#text/texts.ts";
import type { TicketPage } from "#tickets/ask.ts";
import { type Html, html } from "./html.ts";
import { choiceField, isTyped, longField } from "./request-fields.ts";
import { hiddenFields } from "./request-form-views.ts";
import type { How } from "./request-ticket-views.ts";

const SCORES = ["good", "bad"] as const;

/** What is asked of the visitor once support is done: whether it is fixed, and when it is closed, how the help was. */
export function endingQuestion(t: Texts, page: TicketPage, how: How): Html | undefined {
  const { ticket, entries } = page;
  if (ticket.merged_into_number) return undefined;
  if (ticket.status === "closed") return rating(t, page, how);
  if (ticket.status !== "solved") return undefined;
  const solving = entries.findLast(({ event }) => event === "solve");
  return solving?.actor_kind === "requester" ? settled(t, how) : isItFixed(t, how);
}

function isItFixed(t: Texts, how: How): Html {
  return html`<h2>${t.web.page.isSolved}</h2>
<form method="post">
${hiddenFields(t, how.nonce)}
<button type="submit" class="main" name="step" value="close">${t.ending.yes}</button>
</form>
${reopening(t, t.ending.notYet, how)}`;
}

/** They said it themselves: nothing is asked again. */
function settled(t: Texts, how: How): Html {
  return html`<p class="strong">${t.web.page.settled}</p>
${reopening(t, t.web.page.stillStuck, how)}`;
}

function reopening(t: Texts, summary: string, { nonce, typed }: How): Html {
  return html`<details class="near"${isTyped(typed, "wrong") && html` open`}>
<summary>${summary}</summary>
<form method="post" novalidate>
${hiddenFields(t, nonce)}
${longField({ t, ...typed }, { name: "wrong", label: t.ending.notYetLabel })}
<button type="submit" name="step" value="reopen">${t.web.page.reopen}</button>
</form>
</details>`;
}

/** First the choice, then the words that it may come with. */
function rating(t: Texts, { rating: own }: TicketPage, { nonce, typed }: How): Html {
  const w = t.web.page;
  const values = { ...typed.values, score: typed.values.score || (own?.score ?? "") };
  const filled = { t, faults: typed.faults, values };
  const choices = SCORES.map((value) => ({ value, label: t.ending[value] }));
  return html`${own && html`<p class="strong">${t.ending.thanks(t.ending[own.score])}</p><p class="hint">${w.rateAgain}</p>`}
<form method="post" novalidate>
${hiddenFields(t, nonce)}
${choiceField(filled, { name: "score", label: w.rate }, choices)}
${longField(filled, { name: "words", label: t.ending.wordsLabel, isOptional: true })}
<button type="submit" class="main" name="step" value="rate">${w.sendRating}</button>
</form>`;
}

/** Closed, and nothing goes on with it yet. */
export function mayGoOn({ ticket, next }: TicketPage): boolean {
  return ticket.status === "closed" && !ticket.merged_into_number && !next;
}

/** Its words open the ticket that follows. */
export function goingOn(t: Texts, { nonce, typed }: How): Html {
  const w = t.web.page;
  return html`<h2>${w.goOn}</h2>
<form method="post" novalidate>
${hiddenFields(t, nonce)}
${longField({ t, ...typed }, { name: "next", label: w.goOnLabel })}
<button type="submit" name="step" value="go-on">${w.sendGoOn}</button>
</form>`;
}
