/** Text as it stands in mrkdwn: what people typed made safe, and our own marks. */

// mrkdwn has no escape for its marks.
const LOOKALIKE: Record<string, string> = { "*": "∗", _: "ˍ", "~": "∼", "`": "ˋ" };
const BIDI_CONTROLS = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;

/** Makes what a person typed safe inside mrkdwn: no mention or link survives. */
export function escapeMrkdwn(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** One line of typed-in text for a title or a list: no line breaks, no characters that turn the writing around. */
export function oneLine(text: string, limit = 150): string {
  return cut(withoutTurns(text).replaceAll(/\s+/g, " ").trim(), limit);
}

/** Without the characters that turn the writing around. */
export function withoutTurns(text: string): string {
  return text.replaceAll(BIDI_CONTROLS, "");
}

/** A name inside a sentence of ours: one line, and without marks that would end our formatting or begin their own. */
export function inert(text: string): string {
  const marks = /[*~`]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;
  return escapeMrkdwn(oneLine(text).replaceAll(marks, (mark) => LOOKALIKE[mark] ?? ""));
}

/** The same, and no longer than this once it is escaped. */
export function inertWithin(text: string, limit: number): string {
  let shown = oneLine(text, limit);
  while (inert(shown).length > limit) shown = cut(shown, shown.length - 1);
  return inert(shown);
}

/** One of our sentences where Slack shows no mrkdwn: a mention becomes a name, a date its fallback, a link its label. */
export function asPlain(
  mrkdwn: string,
  nameOf: (userId: string) => string | undefined = () => undefined,
): string {
  const plain = mrkdwn
    .replaceAll(/<@([A-Z0-9]+)>/g, (_token, userId: string) => `@${nameOf(userId) ?? userId}`)
    .replaceAll(/<#([A-Z0-9]+)>/g, "#$1")
    .replaceAll(/<(?:!date\^|https?:)[^|>]*\|([^>]*)>/g, "$1")
    .replaceAll(/[*`]/g, "");
  return unescaped(plain);
}

/** The three characters that Slack escapes, as they were typed. */
export function unescaped(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** Bold, with the marks that would end it taken out. */
export function bold(text: string): string {
  return `*${escapeMrkdwn(text.replaceAll("*", "∗"))}*`;
}

export function link(url: string, label: string): string {
  const address = url.replaceAll(/[<>|\s]/g, encodeURIComponent);
  return `<${address}|${escapeMrkdwn(label).replaceAll("|", "¦")}>`;
}

const ADDRESSES = /(https?:\/\/[\w.~:/?#@!$&'*+,;=%-]*[\w~/#=&%-]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)/;

/** The operator's own text: what looks like an address is one, nothing else is anything. */
export function linked(text: string): string {
  return text
    .split(ADDRESSES)
    .map((part, at) => (at % 2 === 0 ? escapeMrkdwn(part) : link(targetOf(part), part)))
    .join("");
}

function targetOf(address: string): string {
  return address.includes("://") ? address : `mailto:${address}`;
}

/** A moment that each reader sees in their own time zone; `fallback` where Slack shows no dates. */
export function date(at: Date, fallback: string): string {
  return `<!date^${Math.floor(at.getTime() / 1000)}^{date_short_pretty} {time}|${fallback}>`;
}

export function mention(userId: string): string {
  return `<@${userId}>`;
}

/** At most `limit` UTF-16 units, never half a character, with an ellipsis where something is missing. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** The last guard: our own sentences around escaped text. Ends before a half entity, link or mention. */
export function cutMrkdwn(mrkdwn: string, limit: number): string {
  if (mrkdwn.length <= limit) return mrkdwn || " ";
  return `${cut(mrkdwn, limit - 1).replace(/(&[a-z]{0,4}|<[^>]*)…$/, "…")}`;
}
