import { expect, it } from "vitest";
import { textsOf } from "#text/texts.ts";
import { html } from "#web/html.ts";
import { faultSummary } from "#web/request-fields.ts";
import { layout } from "#web/request-layout.ts";
import { linkedWords } from "#web/request-links.ts";

it.each([
  ["ja", "影響を受けている人：1つ選んでください。"],
  ["en", "Who is affected: Choose one."],
] as const)("names the field of each fault in the summary, in %s", (language, line) => {
  const t = textsOf(language);
  const faults = { what: t.fields.choose, who: t.fields.choose, contactEmail: t.fields.emailBlank };

  const { markup } = faultSummary(t, faults, ["what", "who", "contactEmail"]);

  expect(markup).toContain(`<a href="#who">${line}</a>`);
  expect(markup).toContain(t.web.faultLine(t.web.contactEmail, t.fields.emailBlank));
});

it("makes a link of a web address in an agent's words, and of nothing else", () => {
  const words =
    "手順（https://docs.example/a?b=1&c=2）、<b>x</b> mika@acme.example javascript:alert(1)";

  const { markup } = html`${linkedWords(words)}`;

  const url = "https://docs.example/a?b=1&amp;c=2";
  expect(markup).toBe(
    `手順（<a href="${url}" rel="noreferrer nofollow">${url}</a>）、&lt;b&gt;x&lt;/b&gt; mika@acme.example javascript:alert(1)`,
  );
});

it.each(["ja", "en"] as const)("offers the languages in one order on every page, in %s", (own) => {
  const page = { title: "", body: html``, assets: { css: "", form: "" } };

  for (const formId of [undefined, "request"]) {
    const markup = layout(textsOf(own), { ...page, formId });
    expect(markup.indexOf(">日本語<")).toBeLessThan(markup.indexOf(">English<"));
  }
});
