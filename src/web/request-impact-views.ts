import type { Policy } from "#accounts/ask.ts";
import type { Texts } from "#text/texts.ts";
import {
  answersIn,
  highestPriority,
  needsOf,
  PRIORITIES,
  WHAT,
  WHO,
  WORKAROUND,
} from "#tickets/ask.ts";
import { type Html, html } from "./html.ts";
import { choiceField, type Filled, longField, textField } from "./request-fields.ts";

/** What the page's script follows the answers by: it has no rule of its own. In the tag of the form. */
export function rulesFor(t: Texts, policy: Policy): Html {
  return html` data-most="${mostOf()}" data-needs="${needsIn(policy)}" data-supports="${JSON.stringify(supportsIn(t))}"`;
}

/** The three facts, the priority with its written rule, and what it needs beside them. */
export function impactFields(filled: Filled, policy: Policy): Html {
  const { t, values } = filled;
  return html`<fieldset>
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
${urgencyFields(filled, policy)}`;
}

function urgencyFields(filled: Filled, policy: Policy): Html {
  const { t } = filled;
  const names = (need: "why" | "contact") => {
    const asking = PRIORITIES.filter((each) => needsOf(each, policy.priority)[need]);
    return oneOf(
      t,
      asking.map((each) => t.priorities[each]),
    );
  };
  return html`<fieldset id="urgency">
<legend>${t.web.urgent}</legend>
<p class="hint" data-without-script>${t.web.urgentHint(names("why"), names("contact"))}</p>
<div data-need="why">${longField(filled, { name: "why", label: t.labels.why, hint: t.newTicket.whyHint, byPriority: true })}</div>
<div data-need="contact">
${textField(filled, { name: "contactName", label: t.web.contactName, autocomplete: "section-contact name", hint: t.web.contactHint, byPriority: true })}
${textField(filled, { name: "contactEmail", label: t.web.contactEmail, type: "email", autocomplete: "section-contact email", byPriority: true })}
</div>
</fieldset>
`;
}

/** "Urgent or High" */
function oneOf({ language }: Texts, names: readonly string[]): string {
  if (language === "ja") return names.join("・");
  return new Intl.ListFormat("en", { type: "disjunction" }).format(names);
}

function supports(t: Texts, values: Record<string, string>): string {
  const { facts } = answersIn(values);
  return facts ? supportsLine(t, highestPriority(facts)) : "";
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
  return Object.fromEntries(PRIORITIES.map((each) => [each, supportsLine(t, each)]));
}

function supportsLine(t: Texts, most: (typeof PRIORITIES)[number]): string {
  const { supports, supportsAll } = t.web;
  return most === PRIORITIES[0] ? supportsAll : supports(t.priorities[most]);
}

function choices<V extends string>(values: readonly V[], labels: Record<V, string>) {
  return values.map((value) => ({ value, label: labels[value] }));
}
