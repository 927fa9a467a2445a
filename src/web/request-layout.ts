import type { Language } from "#db/tables.ts";
import type { Texts } from "#text/texts.ts";
import { type Html, html } from "./html.ts";

export type Page = { title: string; body: Html } & How;
type How = {
  /** The form whose typed text goes along when the language is changed; absent: there is none on the page. */
  formId?: string | undefined;
  /** The files that the page needs, as they are served now. */
  assets: Assets;
};
export type Assets = { css: string; form: string };

const LANGUAGES = ["ja", "en"] as const;
const NAMES = { ja: "日本語", en: "English" } satisfies Record<Language, string>;

/** A whole page. Everything it needs comes from us, and nothing in it is inline. */
export function layout(t: Texts, { title, body, formId, assets }: Page): string {
  const page = html`<!doctype html>
<html lang="${t.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${assets.css}">
<script type="module" src="${assets.form}"></script>
</head>
<body>
<a class="skip" href="#main">${t.web.skip}</a>
<header>
<p>${t.web.title}</p>
<nav aria-label="${t.web.language}">${formId ? languageButtons(t, formId) : languageLinks(t)}</nav>
</header>
<main id="main" tabindex="-1">
${body}
</main>
</body>
</html>
`;
  return page.markup;
}

/** Why it was not taken: read out at once, and where the reader is taken, unless that is elsewhere. */
export function alert(refused: string, { takesFocus } = { takesFocus: true }): Html {
  return html`<div class="faults" role="alert" tabindex="-1"${takesFocus && html` autofocus`}><p>${refused}</p></div>`;
}

/** A heading, some sentences, and whatever follows. */
export function saying(title: string, sentences: readonly string[], more?: Html): Html {
  return html`<h1>${title}</h1>
${sentences.map((sentence) => html`<p>${sentence}</p>\n`)}${more}`;
}

function languageLinks(t: Texts): Html[] {
  return LANGUAGES.map((language) =>
    language === t.language
      ? current(language)
      : html`<a lang="${language}" hreflang="${language}" href="?lang=${language}">${NAMES[language]}</a>`,
  );
}

/** What was typed goes along. The first button is what Enter in a field presses: it must be the form's own. */
function languageButtons(t: Texts, formId: string): Html {
  return html`<button class="unseen" form="${formId}" tabindex="-1" aria-hidden="true">${t.web.submit}</button>
${LANGUAGES.map((language) =>
  language === t.language
    ? current(language)
    : html`<button class="plain" form="${formId}" name="switch" value="${language}" lang="${language}">${NAMES[language]}</button>`,
)}`;
}

function current(language: Language): Html {
  return html`<span lang="${language}" aria-current="true">${NAMES[language]}</span>`;
}
