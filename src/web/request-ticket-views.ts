import type { Texts } from "#text/texts.ts";
import {
  contactStanding,
  contractLine,
  type FileRefusal,
  mergeLine,
  reopens,
  sizeOf,
  stepsFrom,
  type TicketPage,
  ticketNumber,
} from "#tickets/ask.ts";
import { type Html, html } from "./html.ts";
import { moment, plainly, type Reader } from "./moments.ts";
import { endingQuestion, goingOn, mayGoOn } from "./request-ending-views.ts";
import { faultSummary, fileField, isTyped, longField, type Values } from "./request-fields.ts";
import { hiddenFields } from "./request-form-views.ts";
import { alert } from "./request-layout.ts";
import { linkedWords } from "./request-links.ts";
import { answers, definitions } from "./request-page-views.ts";

/** Where the files of the ticket stand on the page. */
export const ATTACHMENTS = "attachments";

type Entry = TicketPage["entries"][number];
export type Typed = { values: Values; faults: Values; refused?: string | undefined };
/** `factsUrl`: where the facts are corrected; `timeZone`: see `Reader`. */
export type How = { nonce: string; typed: Typed; factsUrl: string; timeZone: string };

/** What is still wrong with a solved one, how the help was and a word about it, what a workaround does not help with, a reply, and a new request. */
export const PAGE_FIELDS = ["wrong", "score", "words", "stuck", "body", "next"] as const;

export function ticketTitle(t: Texts, { ticket }: TicketPage): string {
  return t.web.page.title(ticketNumber(ticket), ticket.subject);
}

/** The visitor's ticket: how it stands, what was said, and what they can do. */
export function ticketPage(t: Texts, page: TicketPage, how: How): Html {
  const { ticket, entries } = page;
  const { faults, refused } = how.typed;
  const reader = { t, timeZone: how.timeZone };
  const w = t.web.page;
  return html`<h1>${ticketTitle(t, page)}</h1>
${Object.keys(faults).length > 0 && faultSummary(t, faults, PAGE_FIELDS)}
${refused !== undefined && alert(refused)}
<p class="status">${w.status}<strong>${t.statuses[ticket.status]}</strong> <a href="?lang=${t.language}">${w.refresh}</a></p>
${standing(reader, ticket, how)}
${page.next && html`<p>${linked(w.goesOn(page.next.number), page.next)}</p>`}
${endingQuestion(t, page, how)}
<p class="hint keep">${w.keep}</p>
<h2>${w.history}</h2>
<ol class="entries">
${begun(reader, page)}${entries.map((each) => (each.event === "rated" ? rated(reader, page, each) : said(reader, page, each, how)))}</ol>
${entries.length === 0 && html`<p class="hint">${w.nothing}</p>`}
${attachments(t, page)}
${doable(t, page, how)}
${leftWords(t)}
<details>
<summary>${w.details}</summary>
${details(t, page)}
</details>
`;
}

/** Words that stood half written in a field that the page has no more: its script shows them. */
function leftWords(t: Texts): Html {
  return html`<div id="unsent" hidden><p>${t.web.page.unsent}</p><p class="typed"></p></div>`;
}

/** Filed by its visitor, or opened for them to go on with another. */
function begun(reader: Reader, { ticket, before }: TicketPage): Html {
  const { filed, openedByAgent, wentOn } = reader.t.web.page;
  const at = ticket.created_at;
  if (!before) return entry(reader, { at, who: "", line: filed });
  const agent = ticket.opened_by_name;
  const words = agent === null ? wentOn(before.number) : openedByAgent(before.number, agent);
  const line = linked(words, before);
  return entry(reader, { at, who: "", line, body: html`${linkedWords(ticket.description)}` });
}

/** The number, where it first stands in the words, leads to its page. */
function linked(words: string, { number, url }: NonNullable<TicketPage["next"]>): Html {
  const at = words.indexOf(number);
  return html`${words.slice(0, at)}<a href="${url}">${number}</a>${words.slice(at + number.length)}`;
}

/** Its priority, who works on it with support, and the way to correct what it affects. */
function standing(reader: Reader, ticket: TicketPage["ticket"], { factsUrl }: How): Html {
  const { t } = reader;
  const { priority, contact_name: name } = ticket;
  const standing = contactStanding(t, ticket);
  const contact =
    name && standing !== undefined
      ? html`${t.card.contact(name)}${t.labels.separator}${plainly(reader, standing)}`
      : undefined;
  const mayCorrect = stepsFrom(ticket).includes("solve");
  return html`<p>${t.web.page.priority}<strong>${t.priorities[priority]}</strong>${mayCorrect && html` <a href="${factsUrl}?lang=${t.language}">${t.web.facts.link}</a>`}</p>
${contact !== undefined && html`<p>${contact}</p>`}`;
}

function said(reader: Reader, page: TicketPage, made: Entry, how: How): Html {
  const { t } = reader;
  const { at, event, actor_kind: by, actor_name: name, body } = made;
  const w = t.web.page;
  const who = by === "agent" ? w.bySupport(name) : by === "requester" ? w.by(name) : "";
  const { ticket } = page;
  const line = lineOf(reader, page, made, who);
  const isReply = line === undefined || (event === "inform" && !reopens(made));
  const more = isAnswerable(ticket, made) && answerToOffer(t, made.id, how);
  const words = by === "agent" && body !== null ? html`${linkedWords(body)}` : body;
  return entry(reader, { at, who: isReply ? who : "", line, body: words, more });
}

/** A workaround whose answer is asked for on the page. */
export function isAnswerable(ticket: TicketPage["ticket"], { openOffer }: Entry): boolean {
  return openOffer !== null && stepsFrom(ticket).includes("accept");
}

function lineOf(
  reader: Reader,
  page: TicketPage,
  made: Entry,
  who: string,
): string | Html | undefined {
  const { event, actor_kind: by, reference } = made;
  const { t } = reader;
  const w = t.web.page;
  const lines: Record<string, string> = {
    offer: w.offered(who),
    accept: w.accepted(who),
    dispute: w.disputed(who),
    solve: w.solved(who),
    reopen: w.reopened(who),
    close: by === "requester" ? w.closedBy(who) : t.mail.step.line.close(),
    "desk-refused": t.thread.deskRefused(ticketNumber(page.ticket), reference ?? ""),
    "gave-up": t.thread.gaveUp(reference ?? ""),
  };
  if (event === "followed-up") return followedUp(t, page, made, who);
  const news = contractLine(t, made) ?? mergeLine(t, made, "web");
  return news ? plainly(reader, news) : (lineOfContent(t, made, who) ?? lines[event]);
}

function followedUp(t: Texts, { next }: TicketPage, { detail }: Entry, who: string): string | Html {
  const number = String(detail.number);
  const words = t.web.page.followedUp(who, number);
  return next?.number === number ? linked(words, next) : words;
}

/** What a solved ticket is told opens it again. */
function lineOfContent(t: Texts, made: Entry, who: string): string | Html | undefined {
  const files = lineOfFiles(t, made);
  if (made.event !== "inform" || !reopens(made)) return files;
  const reopened = t.web.page.reopened(who);
  return files === undefined ? reopened : html`${reopened}<br>${files}`;
}

/** The one that counts: of those before it only the words stay. */
function rated(
  reader: Reader,
  { rating, entries }: TicketPage,
  { id, at, actor_name }: Entry,
): Html {
  const { t } = reader;
  const last = entries.findLast(({ event }) => event === "rated");
  if (!rating || last?.id !== id) return html``;
  const { score, words: body } = rating;
  const w = t.web.page;
  return entry(reader, { at, who: w.by(actor_name), line: w.rated(t.ending[score]), body });
}

/** That some were refused, or what came along with a reply. */
function lineOfFiles(t: Texts, { event, detail }: Entry): string | undefined {
  if (event === "file-refused") {
    const { name, why, reference } = detail as FileRefusal; // as it was written
    return t.web.page.fileRefused(name, t.fileFaults[why], reference);
  }
  const { files } = detail;
  return Array.isArray(files) ? t.web.page.filesSent(files.join(t.labels.separator)) : undefined;
}

function attachments(t: Texts, page: TicketPage): Html | undefined {
  if (page.attachments.length === 0) return undefined;
  const w = t.web.page;
  return html`<h2 id="${ATTACHMENTS}">${w.files}</h2>
<ul class="files">
${page.attachments.map(({ name, file_id, size, state, why }) => {
  const isRefused = state === "refused";
  const told = isRefused ? w.fileUnsent(t.fileFaults[why ?? "undelivered"]) : w.fileStates[state];
  return html`<li><span class="strong">${name ?? file_id}</span>${size !== null && html` <span class="note">${sizeOf(size)}</span>`} <span class="${isRefused ? "fault" : "note"}">${told}</span></li>\n`;
})}</ul>
`;
}

function entry(
  reader: Reader,
  {
    at,
    who,
    line,
    body,
    more,
  }: {
    at: Date;
    who: string;
    line?: string | Html | undefined;
    body?: string | Html | null;
    more?: Html | false | undefined;
  },
): Html {
  return html`<li>
<p class="hint">${who !== "" && html`<strong>${who}</strong> `}${moment(reader, at)}</p>
${line !== undefined && html`<p>${line}</p>`}${body ? html`<p class="typed">${body}</p>` : undefined}${more}
</li>
`;
}

/** Under a workaround that waits for an answer. */
function answerToOffer(t: Texts, offerId: string, { nonce, typed }: How): Html {
  const { accept, dispute, disputeLabel } = t.workaroundOffer;
  const hidden = html`${hiddenFields(t, nonce)}
<input type="hidden" name="offer" value="${offerId}">`;
  return html`<p class="strong">${t.web.page.offer}</p>
<form method="post" class="answers">
${hidden}
<button type="submit" class="main" name="step" value="accept">${accept}</button>
</form>
<details${isTyped(typed, "stuck") && html` open`}>
<summary>${dispute}</summary>
<form method="post" novalidate>
${hidden}
${longField({ t, ...typed }, { name: "stuck", label: disputeLabel })}
<button type="submit" name="step" value="dispute">${t.web.page.send}</button>
</form>
</details>`;
}

function doable(t: Texts, page: TicketPage, how: How): Html {
  const { ticket } = page;
  const { nonce, typed } = how;
  const w = t.web.page;
  const steps = stepsFrom(ticket);
  const { merged_into_number: number } = ticket;
  const unsent =
    typed.values.body && html`<p>${w.unsent}</p><p class="typed">${typed.values.body}</p>`;
  if (number)
    return html`<p class="strong">${t.merge.onPage(ticketNumber({ number }))}</p>${unsent}`;
  if (!steps.includes("inform")) return html`${ended(t, page, how)}${unsent}`;
  const filled = { t, ...typed };
  return html`<form method="post" enctype="multipart/form-data" novalidate>
${hiddenFields(t, nonce)}
<input type="hidden" name="step" value="inform">
<h2>${w.reply}</h2>
${longField(filled, { name: "body", label: w.replyLabel, isFree: true })}
${fileField(filled, { name: "files", label: w.filesLabel, hint: w.filesHint })}
<button type="submit" class="main">${w.send}</button>
</form>
${
  steps.includes("solve") &&
  html`<form method="post">
${hiddenFields(t, nonce)}
<h2>${w.isSolved}</h2><button type="submit" name="step" value="solve">${w.solve}</button>
</form>`
}
`;
}

function ended(t: Texts, page: TicketPage, how: How): Html {
  const { closed, closedAndFollowed, newRequest } = t.web.page;
  const { next } = page;
  if (next) return html`<p>${linked(closedAndFollowed(next.number), next)}</p>`;
  return html`<p>${closed}</p>
${mayGoOn(page) && goingOn(t, how)}
<p><a href="/request?lang=${t.language}">${newRequest}</a></p>`;
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
