import type { Texts } from "#text/texts.ts";
import { type ContactPage, contactOnPage } from "#tickets/ask.ts";
import { type Html, html } from "./html.ts";
import { plainly } from "./moments.ts";
import { hiddenFields } from "./request-form-views.ts";
import { alert } from "./request-layout.ts";
import { definitions } from "./request-page-views.ts";

/** What somebody is asked who was named as the contact, what it is about, and their answers. */
export function contactPage(
  t: Texts,
  { ticket, ask, as }: ContactPage,
  { nonce, refused, timeZone }: { nonce: string; refused?: string | undefined; timeZone: string },
): Html {
  const { lines, answers } = contactOnPage(t, ticket, { ask, as });
  const labels = {
    here: t.contact.here,
    unavailable: ask.answer === "here" ? t.contact.noLonger : t.contact.unavailable,
  };
  return html`<h1>${t.web.contact.title}</h1>
${refused !== undefined && alert(refused)}
${lines.map((line) => html`<p>${plainly({ t, timeZone }, line)}</p>\n`)}
${
  answers.length > 0 &&
  html`<form method="post" class="answers">
${hiddenFields(t, nonce)}
${answers.map((says) => html`<button type="submit"${says === "here" && html` class="main"`} name="says" value="${says}">${labels[says]}</button>\n`)}</form>`
}
<h2>${t.web.contact.details}</h2>
${definitions([
  [t.labels.subject, ticket.subject],
  [t.labels.description, ticket.description],
  [t.labels.why, ticket.why],
  [t.labels.requester, ticket.requester_name],
])}
`;
}
