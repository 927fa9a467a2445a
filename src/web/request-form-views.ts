import { articlesOf, type Policy, type Topic } from "#accounts/ask.ts";
import type { Texts } from "#text/texts.ts";
import { type Scores, WEB_FIELDS } from "#tickets/ask.ts";
import { type Html, html } from "./html.ts";
import { articleList } from "./request-article-views.ts";
import { type Filled, faultSummary, longField, menuField, textField } from "./request-fields.ts";
import { impactFields, rulesFor } from "./request-impact-views.ts";
import { alert } from "./request-layout.ts";
import { linkedText } from "./request-links.ts";

/** The id of the form, and its hidden fields: a nonce, the proof of work, and a field that no person fills. */
export const FORM = "request";
export const HIDDEN = { nonce: "nonce", proof: "proof", trap: "website" } as const;

/** What every form of ours has with it. */
export function hiddenFields(t: Texts, nonce: string): Html {
  return html`<input type="hidden" name="${HIDDEN.nonce}" value="${nonce}">
<input type="hidden" name="language" value="${t.language}">`;
}

export type RequestForm = {
  policy: Policy;
  scores: Scores;
  nonce: string;
  values: Record<string, string>;
  faults: Record<string, string>;
  /** Why it was not taken, where no single field is to blame. */
  refused?: string | undefined;
};

/** The same questions as in Slack, and who asks. Everything is there without JavaScript, which hides what is not needed. */
export function requestForm(t: Texts, form: RequestForm): Html {
  const { nonce, values, faults, refused, policy } = form;
  const filled: Filled = { t, values, faults };
  const isFaulty = Object.keys(faults).length > 0;
  return html`<h1>${t.web.title}</h1>
<p>${t.web.intro}</p>
${isFaulty && faultSummary(t, faults, WEB_FIELDS)}
${refused !== undefined && alert(refused, { takesFocus: !isFaulty })}
<form id="${FORM}" method="post" action="/request" novalidate${rulesFor(t, policy)} data-working="${t.web.working}">
${hiddenFields(t, nonce)}
<input type="hidden" name="${HIDDEN.proof}" value="">
<div class="trap" aria-hidden="true"><label for="${HIDDEN.trap}">${t.web.trap}</label><input id="${HIDDEN.trap}" name="${HIDDEN.trap}" tabindex="-1" autocomplete="off"></div>
<fieldset>
<legend>${t.web.you}</legend>
${textField(filled, { name: "name", label: t.web.name, autocomplete: "name" })}
${textField(filled, { name: "email", label: t.web.email, type: "email", autocomplete: "email", hint: t.web.emailHint })}
</fieldset>
<fieldset>
<legend>${t.web.request}</legend>
${topicFields(filled, form)}
${textField(filled, { name: "subject", label: t.labels.subject, hint: t.web.subjectHint })}
${longField(filled, { name: "description", label: t.labels.description, hint: t.newTicket.descriptionHint })}
</fieldset>
${impactFields(filled, policy)}
<button type="submit" class="main">${t.web.submit}</button>
</form>
`;
}

type Shown = Pick<RequestForm, "policy" | "scores">;

function topicFields(filled: Filled, { policy, scores }: Shown): Html | undefined {
  const { t, values } = filled;
  if (policy.topics.length === 0) return undefined;
  const menu = policy.topics.map(({ id, name }) => ({ value: id, label: name[t.language] }));
  return html`${menuField(filled, { name: "topic", label: t.labels.topic }, menu)}
<div aria-live="polite">
${policy.topics.map((topic) => aboutTopic(t, topic, { policy, scores, isChosen: topic.id === values.topic }))}</div>
`;
}

/** Where to go with a topic that another team handles, and articles. Shown to whoever chooses it. */
function aboutTopic(
  t: Texts,
  topic: Topic,
  { policy, scores, isChosen }: Shown & { isChosen: boolean },
): Html {
  const articles = articlesOf(policy, topic);
  if (!topic.redirect && articles.length === 0) return html``;
  return html`<div class="about" data-topic="${topic.id}"${topic.redirect && html` data-elsewhere`}${!isChosen && html` hidden`}>
${topic.redirect && html`<p class="strong">${t.web.elsewhere}</p><p class="typed">${linkedText(topic.redirect[t.language])}</p>`}
${articles.length > 0 && html`<p class="strong">${t.web.articles}</p>${articleList(t, articles, scores)}`}
</div>
`;
}
