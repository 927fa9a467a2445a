import { htmlEscape } from "escape-goat";

/** Markup that may stand in a page as it is. Made by `html` alone. */
export type Html = { readonly markup: string };
type Value = string | number | Html | readonly Html[] | false | undefined;

/** Whatever is put in is text, unless `html` made it. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  const [first = "", ...others] = parts;
  return { markup: first + others.map((part, at) => markupOf(values[at]) + part).join("") };
}

function markupOf(value: Value): string {
  if (value === undefined || value === false) return "";
  if (typeof value === "string" || typeof value === "number") return htmlEscape(String(value));
  if ("markup" in value) return value.markup;
  return value.map(({ markup }) => markup).join("");
}
