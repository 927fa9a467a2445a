import { expect, it } from "vitest";
import { textsOf } from "#text/texts.ts";
import { faultSummary } from "#web/request-fields.ts";

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
