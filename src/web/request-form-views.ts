import { articlesOf, type Policy, type Topic } from "#accounts/ask.ts";
import type { Texts } from "#text/texts.ts";
import {
  answersIn,
  highestPriority,
  needsOf,
  PRIORITIES,
  type Scores,
  WEB_FIELDS,
  WHAT,
  WHO,
  WORKAROUND,
} from "#tickets/ask.ts";
import { type Html, html } from "./html.ts";
import { articleList } from "./request-article-views.ts";
import {
  choiceField,
  type Filled,
  faultSummary,
  longField,
  menuField,
  textField,
} from "./request-fields.ts";
import { linkedText } from "./request-links.ts";

/** The id of the form, and its hidden fields: a nonce, the proof of work, and a field that no person fills. */
export const FORM = "request";
export const HIDDEN = { nonce: "nonce", proof: "proof", trap: "website" } as const;

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
${refused !== undefined && html`<div class="faults" role="alert" tabindex="-1"${!isFaulty && html` autofocus`}><p>${refused}</p></div>`}
<form id="${FORM}" method="post" action="/request" novalidate data-most="${mostOf()}" data-needs="${needsIn(policy)}" data-supports="${JSON.stringify(supportsIn(t))}" data-working="${t.web.working}">
<input type="hidden" name="${HIDDEN.nonce}" value="${nonce}">
<input type="hidden" name="${HIDDEN.proof}" value="">
<input type="hidden" name="language" value="${t.language}">
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
<fieldset>
<legend>${t.web.impact}</legend>
${choiceField(filled, { name: "what", label: t.labels.what }, choices(WHAT, t.what))}
${choiceField(filled, { name: "who", label: t.labels.who }, choices(WHO, t.who))}
${choiceField(filled, { name: "workaround", label: t.labels.workaround }, choices(WORKAROUND, t.workaround))}
${choiceField(
  filled,
  { name: "priority", label: t.labels.priority, hint: t.newTicket.priorityHint },
  PRIORITIES.map((value) => ({ value, label: t.priorities[value], note: t.rules[value] })),
)}
<p id="supports" class="supports" aria-live="polite">${supports(t, values)}</p>
</fieldset>
${urgencyFields(filled, policy)}
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
  return html`<div class="about" data-topic="${topic.id}"${!isChosen && html` hidden`}>
${topic.redirect && html`<p class="strong">${t.web.elsewhere}</p><p class="typed">${linkedText(topic.redirect[t.language])}</p>`}
${articles.length > 0 && html`<p class="strong">${t.web.articles}</p>${articleList(t, articles, scores)}`}
</div>
`;
}

function urgencyFields(filled: Filled, policy: Policy): Html {
  const { t } = filled;
  const names = (need: "why" | "contact") =>
    PRIORITIES.filter((each) => needsOf(each, policy.priority)[need])
      .map((each) => t.priorities[each])
      .join(t.language === "ja" ? "・" : ", ");
  return html`<fieldset id="urgency">
<legend>${t.web.urgent}</legend>
<p class="hint" data-without-script>${t.web.urgentHint(names("why"), names("contact"))}</p>
<div data-need="why">${longField(filled, { name: "why", label: t.labels.why, hint: t.newTicket.whyHint, byPriority: true })}</div>
<div data-need="contact">
${textField(filled, { name: "contactName", label: t.web.contactName, hint: t.web.contactHint, byPriority: true })}
${textField(filled, { name: "contactEmail", label: t.web.contactEmail, type: "email", byPriority: true })}
</div>
</fieldset>
`;
}

function supports(t: Texts, values: Record<string, string>): string {
  const { facts } = answersIn(values);
  return facts ? t.web.supports(t.priorities[highestPriority(facts)]) : "";
}

/** The contract for every three answers, so that the page's script looks up what the rule says and has none of its own. */
function mostOf(): string {
  const all = WHAT.flatMap((what) =>
    WHO.flatMap((who) =>
      WORKAROUND.map((workaround) => [
        `${what} ${who} ${workaround}`,
        highestPriority({ what, who, workaround }),
      ]),
    ),
  );
  return JSON.stringify(Object.fromEntries(all));
}

function needsIn(policy: Policy): string {
  return JSON.stringify(
    Object.fromEntries(PRIORITIES.map((each) => [each, needsOf(each, policy.priority)])),
  );
}

function supportsIn(t: Texts): Record<string, string> {
  return Object.fromEntries(PRIORITIES.map((each) => [each, t.web.supports(t.priorities[each])]));
}

function choices<V extends string>(values: readonly V[], labels: Record<V, string>) {
  return values.map((value) => ({ value, label: labels[value] }));
}
