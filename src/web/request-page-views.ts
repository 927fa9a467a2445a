import { type Policy, topicOf } from "#accounts/ask.ts";
import type { Texts } from "#text/texts.ts";
import type { KeptDraft, Scores } from "#tickets/ask.ts";
import { type Html, html } from "./html.ts";
import { articlesToVoteOn } from "./request-article-views.ts";
import { saying } from "./request-layout.ts";
import { linkedText } from "./request-links.ts";

/** Said of every address alike: who is a customer is nobody's business before the mail is read. */
export function sentPage(t: Texts): Html {
  const { title, body, until, missing, again } = t.web.sent;
  return saying(
    title,
    [body, until, missing],
    html`<p><a href="/request?lang=${t.language}">${again}</a></p>`,
  );
}

/** The link only shows this: programs that look into mails follow links, and press no buttons. */
export function confirmPage(t: Texts, policy: Policy, draft: KeptDraft): Html {
  const { title, intro, send, not } = t.web.confirm;
  return saying(
    title,
    [intro],
    html`${summary(t, policy, draft)}
<form method="post" data-once><button type="submit" class="main">${send}</button></form>
<p class="hint">${not}</p>`,
  );
}

/** The same link once it was pressed: whoever has it may go where the press led. */
export function filedPage(t: Texts, { number, url }: { number: string; url: string }): Html {
  const { sentTitle, sent, open } = t.web.confirm;
  return saying(
    sentTitle,
    [sent(number)],
    html`<p><a href="${url}?lang=${t.language}">${open}</a></p>`,
  );
}

/** Its topic has become another team's: where to go, and what was typed, to take along. */
export function elsewherePage(t: Texts, policy: Policy, draft: KeptDraft): Html {
  const redirect = topicOf(policy, draft.topic ?? "")?.redirect;
  return saying(
    t.web.elsewhere,
    [t.web.confirm.elsewhere],
    html`${redirect && html`<p class="typed">${linkedText(redirect[t.language])}</p>`}
<h2>${t.web.page.details}</h2>
${summary(t, policy, draft)}`,
  );
}

export function gonePage(t: Texts): Html {
  const { goneTitle, gone } = t.web.confirm;
  return saying(
    goneTitle,
    [gone],
    html`<p><a href="/request?lang=${t.language}">${t.web.sent.again}</a></p>`,
  );
}

/** What a free plan has in place of a ticket: nothing is filed, and it says so. Its reader is known, and may vote. */
export function freePlanPage(t: Texts, policy: Policy, scores: Scores): Html {
  const { community, paid_adds } = policy.free_plan;
  return saying(
    t.web.freePlan.title,
    [t.web.freePlan.intro],
    html`${articlesToVoteOn(t, policy.articles, scores)}
${community !== undefined && html`<p><a href="${community}" rel="noreferrer">${t.freePlan.community}</a></p>`}
${paid_adds && html`<h2>${t.web.freePlan.paidAdds}</h2><p class="typed">${linkedText(paid_adds[t.language])}</p>`}`,
  );
}

function summary(t: Texts, policy: Policy, draft: KeptDraft): Html {
  const topic = topicOf(policy, draft.topic ?? "")?.name[t.language] ?? draft.topicName;
  const contact = [draft.contactName, draft.contactEmail].filter(Boolean).join(", ");
  return definitions([
    [t.web.name, draft.name],
    [t.web.email, draft.email],
    [t.labels.topic, topic],
    [t.labels.subject, draft.subject],
    ...answers(t, draft),
    [t.labels.contact, contact],
  ]);
}

type Answers = Pick<KeptDraft, "description" | "what" | "who" | "workaround" | "priority"> & {
  why?: string | null | undefined;
};

/** What the form was told, in the words of its fields. */
export function answers(t: Texts, told: Answers): Definition[] {
  return [
    [t.labels.description, told.description],
    [t.labels.what, t.what[told.what]],
    [t.labels.who, t.who[told.who]],
    [t.labels.workaround, t.workaround[told.workaround]],
    [t.labels.priority, t.priorities[told.priority]],
    [t.labels.why, told.why],
  ];
}

/** One without a value is left out. */
type Definition = [name: string, value: string | null | undefined];

export function definitions(pairs: readonly Definition[]): Html {
  return html`<dl>
${pairs.map(([name, value]) => (value ? html`<dt>${name}</dt><dd class="typed">${value}</dd>\n` : html``))}</dl>`;
}
