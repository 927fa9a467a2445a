import type { Texts } from "#text/texts.ts";
import { type Html, html } from "./html.ts";

export type Values = Record<string, string>;
/** These fields and no others, each as it was typed: a browser makes every line break two characters. */
export function typedIn(form: URLSearchParams, names: readonly string[]): Values {
  return Object.fromEntries(
    names.map((name) => [name, (form.get(name) ?? "").replaceAll("\r\n", "\n")]),
  );
}

/** What a form has: what was typed, and what is wrong with it. */
export type Filled = { t: Texts; values: Values; faults: Record<string, string> };
type Field = {
  name: string;
  label: string;
  hint?: string;
  byPriority?: true;
  /** It depends on what else is there: nothing is said of whether it must be filled. */
  isFree?: true;
  isOptional?: true;
};

export function textField(
  filled: Filled,
  field: Field & { type?: "text" | "email"; autocomplete?: string },
): Html {
  const { name, type = "text", autocomplete } = field;
  return labelled(
    filled,
    field,
    html`<input id="${name}" name="${name}" type="${type}"${autocomplete !== undefined && html` autocomplete="${autocomplete}"`} value="${filled.values[name] ?? ""}"${marks(filled, field)}>`,
  );
}

export function longField(filled: Filled, field: Field): Html {
  const { name } = field;
  const typed = filled.values[name] ?? "";
  // A line break right after the tag is not part of the text: one that was typed would be lost.
  return labelled(
    filled,
    field,
    html`<textarea id="${name}" name="${name}" rows="6"${marks(filled, field)}>\n${typed}</textarea>`,
  );
}

/** The last of its form: what was typed is known before the first byte of a file. */
export function fileField(filled: Filled, field: Field): Html {
  const { name, label, hint } = field;
  return html`<div class="field">
<label for="${name}">${label}${requirement(filled, { ...field, isOptional: true })}</label>
<p class="hint" id="${name}-hint">${hint}</p>
<input id="${name}" name="${name}" type="file" multiple aria-describedby="${name}-hint">
</div>
`;
}

export type Choice = { value: string; label: string; note?: string };

export function menuField(filled: Filled, field: Field, choices: readonly Choice[]): Html {
  const { name } = field;
  const chosen = filled.values[name];
  return labelled(
    filled,
    field,
    html`<select id="${name}" name="${name}"${marks(filled, field)}>
<option value="">${filled.t.labels.choose}</option>
${choices.map(({ value, label }) => html`<option value="${value}"${value === chosen && html` selected`}>${label}</option>\n`)}</select>`,
  );
}

/** One of a few, each with all its words in view. Its fault names the first, where the summary leads. */
export function choiceField(filled: Filled, field: Field, choices: readonly Choice[]): Html {
  const { name, label } = field;
  return html`<fieldset class="field"${describedBy(filled, field)}${filled.faults[name] !== undefined && html` aria-invalid="true"`}>
<legend>${label}${requirement(filled, field)}</legend>
${hintAndFault(filled, field)}
${choices.map(
  ({ value, label: words, note }, at) => html`<div class="choice">
<input type="radio" id="${at === 0 ? name : `${name}-${value}`}" name="${name}" value="${value}"${filled.values[name] === value && html` checked`}>
<label for="${at === 0 ? name : `${name}-${value}`}">${words}${note !== undefined && html`<span class="note">${note}</span>`}</label>
</div>
`,
)}</fieldset>
`;
}

/** What keeps it from being sent, each fault with its field's name and a link to it. */
export function faultSummary(
  t: Texts,
  faults: Record<string, string>,
  order: readonly string[],
): Html {
  const named = order.filter((name) => faults[name] !== undefined);
  const labels = labelsOf(t);
  const line = (name: string) => t.web.faultLine(labels[name] ?? "", faults[name] ?? "");
  return html`<div class="faults" id="faults" tabindex="-1" role="alert" aria-labelledby="faults-title" autofocus>
<h2 id="faults-title">${t.web.faultsTitle(named.length)}</h2>
<p>${t.web.kept}</p>
<ul>
${named.map((name) => html`<li><a href="#${name}">${line(name)}</a></li>\n`)}</ul>
</div>
`;
}

/** Of every field on our pages that can be at fault. */
function labelsOf(t: Texts): Record<string, string> {
  return {
    ...t.labels,
    ...{ name: t.web.name, email: t.web.email },
    ...{ contactName: t.web.contactName, contactEmail: t.web.contactEmail },
    ...{ body: t.web.page.replyLabel, stuck: t.workaroundOffer.disputeLabel },
    ...{ next: t.web.page.goOnLabel },
    ...{ wrong: t.ending.notYetLabel, score: t.web.page.rate, words: t.ending.wordsLabel },
  };
}

/** Something was typed there, or is missing: what hides the field stands open. */
export function isTyped(
  { values, faults }: Pick<Filled, "values" | "faults">,
  name: string,
): boolean {
  return faults[name] !== undefined || Boolean(values[name]);
}

function labelled(filled: Filled, field: Field, control: Html): Html {
  return html`<div class="field">
<label for="${field.name}">${field.label}${requirement(filled, field)}</label>
${hintAndFault(filled, field)}
${control}
</div>
`;
}

function requirement({ t }: Filled, { byPriority, isFree, isOptional }: Field): Html {
  if (isFree) return html``;
  const { byPriority: sometimes, optional, required } = t.web;
  if (isOptional) return html`<span class="need">${optional}</span>`;
  if (!byPriority) return html`<span class="need">${required}</span>`;
  return html`<span class="need" data-when-needed="${required}">${sometimes}</span>`;
}

function hintAndFault({ faults }: Filled, { name, hint }: Field): Html {
  const fault = faults[name];
  return html`${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>`}${fault !== undefined && html`<p class="fault" id="${name}-fault">${fault}</p>`}`;
}

function marks(filled: Filled, field: Field): Html {
  const isFaulty = filled.faults[field.name] !== undefined;
  const mustBeFilled = !field.byPriority && !field.isFree && !field.isOptional;
  return html`${describedBy(filled, field)}${isFaulty && html` aria-invalid="true"`}${mustBeFilled && html` aria-required="true"`}`;
}

function describedBy({ faults }: Filled, { name, hint }: Field): Html {
  const ids = [hint && `${name}-hint`, faults[name] !== undefined && `${name}-fault`];
  const described = ids.filter(Boolean).join(" ");
  return described ? html` aria-describedby="${described}"` : html``;
}
