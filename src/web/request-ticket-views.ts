import type { Texts } from "#text/texts.ts";
import { contractPlain, stepsFrom, type TicketPage, ticketNumber } from "#tickets/ask.ts";
import { type Html, html } from "./html.ts";
import { faultSummary, longField, type Values } from "./request-fields.ts";
import { HIDDEN } from "./request-form-views.ts";
import { alert } from "./request-layout.ts";
import { answers, definitions } from "./request-page-views.ts";

type Entry = TicketPage["entries"][number];
export type Typed = { values: Values; faults: Values; refused?: string | undefined };
/** `factsUrl`: where the facts are corrected. */
type How = { nonce: string; typed: Typed; factsUrl: string };

/** A reply, and what somebody is still stuck with after a workaround. */
export const PAGE_FIELDS = ["body", "stuck"] as const;

export function ticketTitle(t: Texts, { ticket }: TicketPage): string {
  return t.web.page.title(ticketNumber(ticket), ticket.subject);
}

/** The visitor's ticket: how it stands, what was said, and what they can do. */
export function ticketPage(t: Texts, page: TicketPage, how: How): Html {
  const { ticket, entries } = page;
  const { faults, refused } = how.typed;
  const w = t.web.page;
  return html`<h1>${ticketTitle(t, page)}</h1>
${Object.keys(faults).length > 0 && faultSummary(t, faults, PAGE_FIELDS)}
${refused !== undefined && alert(refused)}
<p class="status">${w.status} <strong>${t.statuses[ticket.status]}</strong> <a href="?lang=${t.language}">${w.refresh}</a></p>
${standing(t, ticket, how)}
<p class="hint">${w.keep}</p>
<h2>${w.history}</h2>
<ol class="entries">
${entry(t, { at: ticket.created_at, who: w.by(ticket.requester_name), line: w.filed })}${entries.map((each) => said(t, page, each, how))}</ol>
${entries.length === 0 && html`<p class="hint">${w.nothing}</p>`}
${doable(t, page, how)}
<details>
<summary>${w.details}</summary>
${details(t, page)}
</details>
`;
}

/** Its priority, who works on it with support, and the way to correct what it affects. */
function standing(t: Texts, ticket: TicketPage["ticket"], { factsUrl }: How): Html {
  const { priority, contact_name: name, contact_state: state } = ticket;
  const until = ticket.contact_due_at ? t.moment(ticket.contact_due_at, "UTC") : "";
  const contact =
    name && state !== "off"
      ? [t.card.contact(name), t.card.contactStates[state](until)].join(t.labels.separator)
      : undefined;
  const mayCorrect = stepsFrom(ticket).includes("solve");
  return html`<p>${t.web.page.priority} <strong>${t.priorities[priority]}</strong>${mayCorrect && html` <a href="${factsUrl}?lang=${t.language}">${t.web.facts.link}</a>`}</p>
${contact !== undefined && html`<p>${contact}</p>`}`;
}

function said(t: Texts, { ticket }: TicketPage, made: Entry, how: How): Html {
  const { at, event, actor_kind: by, actor_name: name, body, reference } = made;
  const w = t.web.page;
  const who = by === "agent" ? w.bySupport(name) : by === "requester" ? w.by(name) : "";
  const lines: Record<string, string> = {
    offer: w.offered(who),
    accept: w.accepted(who),
    dispute: w.disputed(who),
    solve: w.solved(who),
    reopen: w.reopened(who),
    "desk-refused": t.thread.deskRefused(ticketNumber(ticket), reference ?? ""),
    "gave-up": t.thread.gaveUp(reference ?? ""),
  };
  const line = contractPlain(t, made) ?? lines[event];
  const isOpen = made.openOffer !== null && stepsFrom(ticket).includes("accept");
  const more = isOpen && answerToOffer(t, made.id, how);
  return entry(t, { at, who: line === undefined ? who : "", line, body, more });
}

function entry(
  t: Texts,
  {
    at,
    who,
    line,
    body,
    more,
  }: {
    at: Date;
    who: string;
    line?: string | undefined;
    body?: string | null;
    more?: Html | false | undefined;
  },
): Html {
  return html`<li>
<p class="hint">${who !== "" && html`<strong>${who}</strong> `}<time datetime="${at.toISOString()}">${t.moment(at, "UTC")}</time></p>
${line !== undefined && html`<p>${line}</p>`}${body ? html`<p class="typed">${body}</p>` : undefined}${more}
</li>
`;
}

/** Under a workaround that waits for an answer. */
function answerToOffer(t: Texts, offerId: string, { nonce, typed }: How): Html {
  const { accept, dispute, disputeLabel } = t.workaroundOffer;
  const hidden = html`<input type="hidden" name="${HIDDEN.nonce}" value="${nonce}">
<input type="hidden" name="language" value="${t.language}">
<input type="hidden" name="offer" value="${offerId}">`;
  return html`<p class="strong">${t.web.page.offer}</p>
<form method="post" class="answers">
${hidden}
<button type="submit" class="main" name="step" value="accept">${accept}</button>
</form>
<details${typed.faults.stuck !== undefined && html` open`}>
<summary>${dispute}</summary>
<form method="post" novalidate>
${hidden}
${longField({ t, ...typed }, { name: "stuck", label: disputeLabel })}
<button type="submit" name="step" value="dispute">${t.web.page.send}</button>
</form>
</details>`;
}

function doable(t: Texts, { ticket }: TicketPage, { nonce, typed }: How): Html {
  const w = t.web.page;
  const steps = stepsFrom(ticket);
  const isSolved = ticket.status === "solved";
  if (!steps.includes("inform")) {
    return html`<p>${w.closed}</p><p><a href="/request?lang=${t.language}">${w.newRequest}</a></p>`;
  }
  const filled = { t, ...typed };
  return html`<form method="post" novalidate>
<input type="hidden" name="${HIDDEN.nonce}" value="${nonce}">
<input type="hidden" name="language" value="${t.language}">
<h2>${w.reply}</h2>
${longField(filled, { name: "body", label: w.replyLabel })}
<button type="submit" class="main" name="step" value="inform">${w.send}</button>
</form>
<form method="post">
<input type="hidden" name="${HIDDEN.nonce}" value="${nonce}">
<input type="hidden" name="language" value="${t.language}">
${
  isSolved
    ? html`<p>${w.stillStuck}</p><button type="submit" name="step" value="reopen">${w.reopen}</button>`
    : html`<h2>${w.isSolved}</h2><button type="submit" name="step" value="solve">${w.solve}</button>`
}
</form>
`;
}

function details(t: Texts, { ticket }: TicketPage): Html {
  const contact = [ticket.contact_name, ticket.contact_email].filter(Boolean).join(", ");
  return definitions([
    [t.labels.topic, ticket.topic_name],
    ...answers(t, ticket),
    [t.labels.contact, contact],
    [t.web.email, ticket.requester_email],
  ]);
}
