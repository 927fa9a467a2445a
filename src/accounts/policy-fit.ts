import { z } from "zod";
import { SECTION } from "#slack/blocks.ts";
import { linked } from "#slack/mrkdwn.ts";

const word = z.string().catch("");
const words = z.array(word).catch([]);
const mails = z.array(word.transform((text) => text.trim().toLowerCase())).catch([]);
const listOf = <S extends z.ZodType>(entry: S) => z.array(entry.catch({} as never)).catch([]);
/** The names in a policy, also of a file that has other faults: all are told at once. */
const Names = z.object({
  accounts: listOf(
    z.object({
      id: word,
      workspaces: words,
      channels: words,
      admins: words,
      contacts: words,
      domains: mails,
      addresses: mails,
    }),
  ),
  topics: listOf(
    z.object({ id: word, articles: words, redirect: z.record(z.string(), word).catch({}) }),
  ),
  articles: listOf(z.object({ id: word })),
  replies: z.object({ canned: listOf(z.object({ id: word })) }).catch({ canned: [] }),
});

type NamesIn = z.output<typeof Names>;
type Fault = (path: PropertyKey[], message: string) => void;

export function mustFitTogether(policy: unknown, context: z.RefinementCtx): void {
  const names = Names.safeParse(policy).data;
  if (!names) return; // not even a group of settings, which is said already
  const fault: Fault = (path, message) => context.addIssue({ code: "custom", path, message });
  mustStandOnce(names, fault);
  for (const [at, topic] of names.topics.entries()) {
    mustHaveArticles(placed(topic.articles, ["topics", at, "articles"]), names, fault);
    mustFitOneSection(topic.redirect ?? {}, ["topics", at, "redirect"], fault);
  }
}

function mustStandOnce(names: NamesIn, fault: Fault): void {
  const { accounts, topics, articles, replies } = names;
  const groups: Placed[][] = [
    ...Object.entries({ accounts, topics, articles }).map(([list, entries]) =>
      entries.map(({ id }, at): Placed => [id, [list, at, "id"]]),
    ),
    replies.canned.map(({ id }, at): Placed => [id, ["replies", "canned", at, "id"]]),
    ...(["workspaces", "channels", "domains", "addresses"] as const).map((places) =>
      accounts.flatMap((account, at) => placed(account[places], ["accounts", at, places])),
    ),
    ...(["admins", "contacts"] as const).flatMap((people) =>
      accounts.map((account, at) => placed(account[people], ["accounts", at, people])),
    ),
  ];
  for (const group of groups) {
    const seen = new Set<string>();
    for (const [value, path] of group) {
      if (value && seen.has(value)) fault(path, `"${value}" stands here for the second time.`);
      seen.add(value);
    }
  }
}

function mustHaveArticles(named: readonly Placed[], { articles }: NamesIn, fault: Fault): void {
  const known = new Set(articles.map(({ id }) => id));
  for (const [article, path] of named)
    if (article && !known.has(article)) fault(path, `There is no article "${article}".`);
}

function mustFitOneSection(said: Record<string, string>, path: PropertyKey[], fault: Fault): void {
  for (const [language, text] of Object.entries(said)) {
    if (linked(text).length > SECTION)
      fault([...path, language], "Has too many addresses for one message of Slack.");
  }
}

type Placed = [value: string, path: PropertyKey[]];

function placed(values: readonly string[] = [], path: PropertyKey[]): Placed[] {
  return values.map((value, n) => [value, [...path, n]]);
}
