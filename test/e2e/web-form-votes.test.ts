import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { textsOf } from "#text/texts.ts";
import { recordSql } from "../support/sql-log.ts";
import { FILLED, startWebForm, untilTrue, type WebForm } from "../support/web-form.ts";

const t = textsOf("ja");
const READER = "reader@free.example";

let web: WebForm;
const sql = recordSql();
beforeAll(async () => {
  web = await startWebForm();
  const { db } = web.app;
  await db.insertInto("account").values({ id: "free", name: "Free", plan: "free" }).execute();
  await db
    .insertInto("account_mail_domain")
    .values({ account_id: "free", domain: "free.example" })
    .execute();
});
afterAll(async () => {
  await web[Symbol.asyncDispose]();
  sql[Symbol.dispose]();
});

describe("an article on the web", () => {
  it("shows its score in the form to somebody unknown, who is not asked, and costs no query", async () => {
    await voted(44, 3);

    await untilTrue(async () => (await form()).includes(t.article.score(3, 44)));
    expect(scoreQueries()).toHaveLength(1);
    sql.statements.clear();
    const page = await form("en");
    await form("ja");

    expect(page).toContain("3 of 44 people found this helpful");
    expect(page).not.toContain(textsOf("en").article.question);
    expect(scoreQueries()).toEqual([]);
  });

  it("asks whoever has confirmed an address, counts one vote, and lets them change their mind", async () => {
    const path = await confirmed(READER);
    expect((await web.visit(path)).body).toContain(t.article.question);

    const yes = await web.post(path, { article: "api-limits", helpful: "yes" });
    expect([yes.status, yes.headers.get("location")]).toEqual([
      303,
      `${path}?lang=ja#article-api-limits`,
    ]);
    expect(await scoreShown(path)).toBe(t.article.score(1, 1));
    await web.post(path, { article: "api-limits", helpful: "no" });
    expect(await scoreShown(path)).toBe(t.article.score(0, 1));

    const again = await confirmed(READER);
    await web.post(again, { article: "api-limits", helpful: "yes" });
    expect(await scoreShown(again)).toBe(t.article.score(1, 1));
    const other = await confirmed("other@free.example");
    await web.post(other, { article: "api-limits", helpful: "no" });
    expect(await scoreShown(path)).toBe(t.article.score(1, 2));
    expect(await votesOn("api-limits")).toHaveLength(2);
    expect(JSON.stringify(await votesOn("api-limits"))).not.toContain("free.example");
  });

  it.each([
    ["an article that there is not", { article: "gone", helpful: "yes" }, {}, 303],
    ["neither yes nor no", { article: "two-factor", helpful: "perhaps" }, {}, 303],
    [
      "a page of another site",
      { article: "two-factor", helpful: "yes" },
      { "sec-fetch-site": "cross-site" },
      403,
    ],
  ])("counts nothing for %s", async (_what, vote, headers, status) => {
    const path = await confirmed(READER);

    const answer = await web.post(path, vote, headers);

    expect(answer.status).toBe(status);
    expect(await votesOn(vote.article)).toEqual([]);
  });

  it("files nothing where the plan has become a paid one meanwhile", async () => {
    const path = await confirmed(READER);
    await web.app.db
      .updateTable("account")
      .set({ plan: "paid" })
      .where("id", "=", "free")
      .execute();

    const answer = await web.post(path, { article: "reset-password", helpful: "yes" });
    await web.app.db
      .updateTable("account")
      .set({ plan: "free" })
      .where("id", "=", "free")
      .execute();

    expect(answer.headers.get("location")).toContain("/request/confirm/");
    expect(await web.app.db.selectFrom("ticket").select("id").execute()).toEqual([]);
  });

  it("takes no more than sixty votes an hour from one person", async () => {
    const path = await confirmed("eager@free.example");

    for (let n = 0; n < 60; n += 1) await web.post(path, { article: "two-factor", helpful: "no" });
    const refused = await web.post(path, { article: "two-factor", helpful: "yes" });

    expect(refused.status).toBe(429);
    expect(await votesOn("two-factor")).toMatchObject([{ is_helpful: false }]);
  });
});

/** So many on one of the articles of *sign in*, as from Slack. */
async function voted(votes: number, helpful: number): Promise<void> {
  const rows = Array.from({ length: votes }, (_, n) => ({
    article_id: "reset-password",
    team_id: "T0ACME",
    user_id: `U${n}`,
    is_helpful: n < helpful,
  }));
  await web.app.db.insertInto("article_vote").values(rows).execute();
}

function scoreQueries(): string[] {
  return [...sql.statements].filter((each) => /select .* from article_vote/.test(each));
}

function votesOn(articleId: string) {
  return web.app.db
    .selectFrom("article_vote")
    .selectAll()
    .where("article_id", "=", articleId)
    .execute();
}

async function form(language = "ja"): Promise<string> {
  return (await web.visit(`/request?lang=${language}`)).body;
}

/** Where the link of a mail leads that this address was sent. */
async function confirmed(email: string): Promise<string> {
  const known = web.mail.to(email).length;
  await web.app.db.deleteFrom("web_limit").execute();
  await web.send({ ...FILLED, email });
  await untilTrue(() => web.mail.to(email).length > known);
  return web.link(email);
}

async function scoreShown(path: string): Promise<string | undefined> {
  const { body } = await web.visit(`${path}?lang=ja`);
  const article = body.split('id="article-').find((part) => part.startsWith("api-limits"));
  return /\d+人中\d+人[^<]+/.exec(article ?? "")?.[0];
}
