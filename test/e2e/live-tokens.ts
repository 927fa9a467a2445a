/**
 * What Slack would make live in what the app sent, found without any of the app's own code: mentions, links,
 * dates and broadcasts in mrkdwn, and marks that a name brings into a sentence.
 */
export type Live = { where: string; token: string };

/** Every text in blocks, views and messages, with whether Slack reads mrkdwn in it. */
export function liveTokens(sent: unknown): Live[] {
  const found: Live[] = [];
  walk(sent, "", found);
  return found;
}

function walk(value: unknown, where: string, found: Live[]): void {
  if (Array.isArray(value)) {
    for (const [at, each] of value.entries()) walk(each, `${where}/${at}`, found);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  const record = value as Record<string, unknown>;
  const isPlain = record.type === "plain_text" || record.type === "raw_text"; // the cell of a table
  for (const [name, inner] of Object.entries(record)) {
    const here = `${where}/${name}`;
    if (name === "text" && typeof inner === "string" && !isPlain) {
      found.push(...tokensIn(inner).map((token) => ({ where: here, token })));
    } else walk(inner, here, found);
  }
}

/** `<…>` is live in mrkdwn; a `<` that was escaped is not. Half a token and a half entity count, too. */
function tokensIn(mrkdwn: string): string[] {
  const whole = mrkdwn.match(/<[^<>]*>/g) ?? [];
  const rest = mrkdwn.replaceAll(/<[^<>]*>/g, "");
  const halves = rest.match(/[<].{0,20}/g) ?? [];
  const entities = rest.match(/&(?!amp;|lt;|gt;).{0,6}/g) ?? [];
  return [...whole, ...halves, ...entities];
}
