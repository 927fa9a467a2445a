/** What stands between < and > in Slack's message text. */
export type Reference =
  | { type: "link"; href: string; text: string }
  | { type: "user"; id: string; label: string | undefined }
  | { type: "channel"; id: string; label: string | undefined }
  | { type: "broadcast"; name: string }
  | { type: "group"; id: string; label: string | undefined }
  | { type: "date"; seconds: number; format: string; href: string | undefined; fallback: string };

/** Undefined for anything Slack would leave as text. */
export function parseReference(inner: string): Reference | undefined {
  const bar = inner.indexOf("|");
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? undefined : plain(inner.slice(bar + 1));
  switch (target[0]) {
    case "@":
      return named("user", /^@([UWB][A-Z0-9]+)$/, target, label);
    case "#":
      return named("channel", /^#([CGD][A-Z0-9]+)$/, target, label);
    case "!":
      return parseSpecial(target.slice(1), label);
    default:
      return parseLink(target, label);
  }
}

function named(
  type: "user" | "channel",
  pattern: RegExp,
  target: string,
  label: string | undefined,
): Reference | undefined {
  const id = pattern.exec(target)?.[1];
  return id ? { type, id, label } : undefined;
}

function parseSpecial(name: string, label: string | undefined): Reference | undefined {
  if (/^(?:here|channel|everyone)$/.test(name)) return { type: "broadcast", name };
  const group = /^subteam\^(S[A-Z0-9]+)$/.exec(name)?.[1];
  if (group) return { type: "group", id: group, label };
  const date = /^date\^(-?\d{1,12})\^([^^]+)(?:\^(.+))?$/.exec(name);
  if (!date || label === undefined) return undefined;
  const href = safeUrl(date[3] ?? "");
  return { type: "date", seconds: Number(date[1]), format: date[2] ?? "", href, fallback: label };
}

function parseLink(target: string, label: string | undefined): Reference | undefined {
  const href = safeUrl(plain(target));
  return href
    ? { type: "link", href, text: label || href.replace(/^(?:mailto|tel):/, "") }
    : undefined;
}

/** Only addresses that cannot run anything in this page. */
export function safeUrl(url: string): string | undefined {
  return /^(?:https?:\/\/|mailto:|tel:)[^\s]+$/i.test(url) ? url : undefined;
}

function plain(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
