/** Slack keeps what people type with these three characters escaped. */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** A message's text as a person would type it: mentions by name, links as addresses. */
export function typedText(text: string, names: Record<string, string>): string {
  return text
    .replace(/<@([A-Z0-9]+)(?:\|[^<>]*)?>/g, (_, id: string) => `@${names[id] ?? id}`)
    .replace(/<!(here|channel|everyone)(?:\|[^<>]*)?>/g, "@$1")
    .replace(/<((?:https?:|mailto:)[^<>|]+)(?:\|[^<>]*)?>/g, "$1")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
