import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Desk } from "#desk/desk.ts";
import { Problem } from "#errors.ts";
import { sayToCustomer } from "#simulator/say-to-customer.ts";
import { textsOf } from "#text/texts.ts";
import { startTestApp } from "../support/app.ts";
import { walk } from "../support/ticket-walk.ts";
import { type Answer, FILLED, startWebForm, untilTrue, type WebForm } from "../support/web-form.ts";
import { nonceIn } from "../support/web-page.ts";

const t = textsOf("ja");
const HOUR_MS = 3_600_000;

let web: WebForm;
beforeAll(async () => {
  web = await startWebForm();
});
afterAll(() => web[Symbol.asyncDispose]());
beforeEach(async () => {
  for (const table of ["web_limit", "web_request"] as const)
    await web.app.db.deleteFrom(table).execute();
});

describe("what the form does not take", () => {
  it.each([
    ["an unknown topic", { topic: "nothing" }, t.fields.choose],
    ["3,001 characters", { description: "あ".repeat(3001) }, t.fields.descriptionLong],
    ["only blanks", { subject: "\u3000 " }, t.fields.subjectBlank],
    ["a NUL byte", { description: "a\0b" }, t.fields.control],
    ["an option that was not offered", { priority: "yesterday" }, t.fields.choose],
    ["a topic of another team", { topic: "badges" }, t.fields.topicRedirected],
  ])(
    "comes back with %s and all that was typed, and nothing happens",
    async (_what, typed, fault) => {
      const kept = '"><b>Mika</b> <!channel>';

      const answer = await web.send({ ...FILLED, name: kept, ...typed }, { waitMs: 0 });

      expect(answer.status).toBe(422);
      expect(answer.body).toContain(fault);
      expect(answer.body).toContain('value="&quot;&gt;&lt;b&gt;Mika&lt;/b&gt; &lt;!channel&gt;"');
      if ("description" in typed) expect(answer.body).toContain(typed.description.slice(0, 1000));
      await nothingHappened();
    },
  );

  it("keeps a line break at the beginning, and counts one that a browser sends as two as one", async () => {
    const description = "xxxxxxxxx\n".repeat(300).slice(0, -1).concat("y");

    const refused = await web.send(
      { ...FILLED, subject: "", description: "\r\nfirst" },
      { waitMs: 0 },
    );
    const taken = await web.send({ ...FILLED, description: description.replaceAll("\n", "\r\n") });

    expect(refused.body).toContain(">\n\nfirst</textarea>");
    expect(taken.status).toBe(303);
  });

  it.each<[string, Parameters<WebForm["send"]>[1], number, string]>([
    ["faster than a person", { waitMs: 0 }, 422, t.web.refused.tooFast],
    [
      "with a nonce of somebody else",
      {
        nonce: "1.00000000-0000-4000-8000-000000000000.aaaaaaaaaaaaaaaaaaaaaa",
        proof: false,
        waitMs: 0,
      },
      422,
      t.web.refused.tooOld,
    ],
    [
      "from another site",
      { waitMs: 0, headers: { "sec-fetch-site": "cross-site" } },
      403,
      t.web.refused.otherSite,
    ],
  ])("comes back when it was sent %s", async (_what, how, status, refused) => {
    const answer = await web.send(FILLED, how);

    expect([answer.status, answer.body.includes(refused)]).toEqual([status, true]);
    expect(answer.body).toContain("503と出ます。</textarea>");
    await nothingHappened();
  });

  it("is thrown away where somebody filled the field that nobody sees", async () => {
    const answer = await web.send({ ...FILLED, website: "http://spam.example" });

    expect(answer.status).toBe(303);
    await nothingHappened();
  });

  it("is kept when the language is changed", async () => {
    const answer = await web.post("/request", { ...FILLED, nonce: "", switch: "en" });

    expect([answer.status, answer.body.includes("503と出ます。</textarea>")]).toEqual([200, true]);
    expect(answer.body).toContain(textsOf("en").web.submit);
  });
});

describe("limits", () => {
  it("let one address have two mails without a proof of work, wherever they are asked from", async () => {
    const answers: Answer[] = [];
    for (const n of [1, 2, 3]) {
      const headers = { "x-forwarded-for": `198.51.${n}.1` };
      answers.push(
        await web.send({ ...FILLED, email: "much@acme.example" }, { proof: false, headers }),
      );
    }

    expect(answers.map(({ status }) => status)).toEqual([303, 303, 429]);
    expect(answers[2]?.body).toContain("JavaScript");
    expect(answers[2]?.body).toContain("503と出ます。</textarea>");
  });

  it("hold back one network, and let others through", async () => {
    const nonce = nonceIn((await web.visit("/request")).body);
    const from = (address: string, n: number) =>
      web.send(
        { ...FILLED, email: `n${n}@acme.example` },
        { proof: false, headers: { "x-forwarded-for": `6.6.6.6, ${address}` } },
      );
    await web.send(FILLED, { nonce }); // 3 s pass once, for what follows sends at once
    const flood = await Promise.all(
      Array.from({ length: 12 }, (_, n) => from(`203.0.113.${n}`, n)),
    );
    const other = await from("198.51.100.7", 100);

    expect(flood.filter(({ status }) => status === 303)).toHaveLength(5);
    expect(flood.filter(({ status }) => status === 429)).toHaveLength(7);
    expect(other.status).toBe(303);
  });

  it("keep no address in the database", async () => {
    await web.send(
      { ...FILLED, email: "private@acme.example" },
      { headers: { "x-forwarded-for": "192.0.2.44" } },
    );

    const rows = await web.app.db.selectFrom("web_limit").select("key").execute();
    expect(JSON.stringify(rows)).not.toMatch(/private|192\.0/);
  });
});

describe("whose a verified address is", () => {
  it("an unknown one's ticket goes to the agents as an unverified customer's", async () => {
    await web.file({ ...FILLED, email: "who@nowhere.example", name: "Who" });

    const { triage } = walk(web.app);
    const card = await triage("Who、who@nowhere.example");
    expect(JSON.stringify(card.blocks)).toContain(t.web.unverified);
  });

  it("a free plan's sees articles in place of the button, and files nothing", async () => {
    const { db } = web.app;
    await db.insertInto("account").values({ id: "free", name: "Free", plan: "free" }).execute();
    await db
      .insertInto("account_mail_address")
      .values({ account_id: "free", address: "free@home.example" })
      .execute();
    await web.send({ ...FILLED, email: "free@home.example" });
    const path = await web.link("free@home.example");

    const looked = await web.visit(path);
    const pressed = await web.post(path);

    for (const { status, body } of [looked, pressed]) {
      expect([status, body.includes(t.web.freePlan.intro)]).toEqual([200, true]);
      expect(body).not.toContain(t.web.confirm.send);
    }
    expect(await ticketsOf("free@home.example")).toBe(0);
  });

  it("a link works for 24 hours", async () => {
    await web.send({ ...FILLED, email: "late@acme.example" });
    const path = await web.link("late@acme.example");
    await web.app.database.setNow(new Date(Date.now() + 25 * HOUR_MS));

    const answers = [await web.visit(`${path}?lang=ja`), await web.post(path)];
    await web.app.database.setNow(null);

    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    expect(answers[0]?.body).toContain(t.web.confirm.goneTitle);
    expect(await ticketsOf("late@acme.example")).toBe(0);
  });
});

describe("a mail server in trouble", () => {
  it("is tried again when it said no, and not when nobody knows what it took", async () => {
    const path = await web.file({ ...FILLED, email: "post@acme.example", name: "Post" });
    const { triage, as, inThread } = walk(web.app);
    const aki = as("U0AKI");
    const card = await triage("Post、post@acme.example");
    await untilTrue(() => web.mail.to("post@acme.example").length === 2);
    const reply = async (body: string) =>
      sayToCustomer(aki, await aki.pressForModal(card, "ticket.reply"), { body });

    web.mail.trouble.push("busy");
    await reply("busy first");
    await untilTrue(() => mailed("busy first") === 1);

    web.mail.trouble.push("lost");
    await reply("lost answer");
    await inThread(aki, card, "届いたか分かりません");
    expect(mailed("lost answer")).toBe(1);

    web.mail.trouble.push(...Array(4).fill("refused"));
    await reply("refused for good");
    await inThread(aki, card, "メールを送れません");
    const page = (await web.visit(path)).body;
    for (const said of ["busy first", "lost answer", "refused for good"])
      expect(page).toContain(said);
  }, 120_000);

  it("needs no operator where somebody typed an address that there is not", async () => {
    web.mail.trouble.push("nobody");
    await web.send({ ...FILLED, email: "typo@acme.example" });
    await untilTrue(() => web.mail.trouble.length === 0);
    await web.send({ ...FILLED, email: "right@acme.example" });
    await web.link("right@acme.example");

    const jobs = web.app.db.selectFrom("job").select(["done_at", "dead_at"]);
    const links = await jobs.where("name", "=", "request.mail-link").execute();
    expect(web.mail.to("typo@acme.example")).toEqual([]);
    expect(links.filter(({ dead_at }) => dead_at)).toEqual([]);
  });
});

describe("a desk that refuses a ticket", () => {
  it("is said on its page, by mail and to the agents", async () => {
    const desk: Desk = {
      name: "refusing",
      create: async () => {
        throw new Problem("desk-refused", { number: "", reference: "" });
      },
      change: async () => {},
    };
    await using refusing = await startWebForm({ desk });
    const email = "refused@acme.example";

    const path = await refusing.file({ ...FILLED, email });
    await untilTrue(() => refusing.mail.to(email).length === 3);

    const [, , mail] = refusing.mail.to(email);
    const [reference = ""] = /(?<=参照番号 )\w+/.exec(mail?.text ?? "") ?? [];
    const [number = ""] = /DL-\d+/.exec(mail?.text ?? "") ?? [];
    expect(mail?.text).toContain(t.thread.deskRefused(number, reference));
    expect((await refusing.visit(path)).body).toContain(t.thread.deskRefused(number, reference));
    await walk(refusing.app).triage(email);
  });
});

describe("the pages", () => {
  it("load nothing of others, and are kept by nobody", async () => {
    const { headers } = await web.visit("/request");

    expect(Object.fromEntries(headers)).toMatchObject({
      "content-security-policy": expect.stringMatching(
        /^default-src 'none'; script-src 'self'; style-src 'self'/,
      ),
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    expect(headers.get("content-security-policy")).not.toMatch(/unsafe|\*|https?:/);
    expect(headers.get("set-cookie")).toBeNull();
  });

  it.each([
    [`/request/${"a".repeat(43)}`, "GET", 404],
    [`/request/${"a".repeat(43)}`, "POST", 404],
    [`/request/confirm/${"a".repeat(43)}`, "POST", 404],
    ["/request/../../etc/passwd", "GET", 404],
    ["/request/assets/nothing.js", "GET", 404],
    ["/request/challenge?nonce=x", "GET", 404],
    ["/request", "DELETE", 405],
  ])("answer %s by %s with %i", async (path, method, status) => {
    expect((await web.visit(path, { method })).status).toBe(status);
  });

  it("say that what was sent is too big", async () => {
    const answer = await web.post("/request?lang=ja", { description: "x".repeat(2 ** 21) });

    expect([answer.status, answer.body.includes(t.web.refused.tooBig)]).toEqual([413, true]);
  });

  it("are small: no script has more than 30 kB", async () => {
    const { body } = await web.visit("/request");
    const scripts = [/src="([^"]+)"/.exec(body)?.[1] ?? "", "/request/assets/proof.js"];

    for (const path of scripts) {
      const script = await web.visit(path);
      expect(script.headers.get("content-type")).toContain("javascript");
      expect(script.body.length).toBeLessThan(30_000);
    }
  });

  it("say that there is no form, where it is off", async () => {
    await using app = await startTestApp();

    const answer = await fetch(`http://127.0.0.1:${app.app.port}/request`, {
      headers: { "accept-language": "ja" },
    });

    expect([answer.status, (await answer.text()).includes(t.web.off)]).toEqual([404, true]);
  });

  it("give what was typed back while the database is away", async () => {
    await sql`alter table web_request rename to away`.execute(web.app.db);

    const answer = await web.send();
    await sql`alter table away rename to web_request`.execute(web.app.db);

    expect([answer.status, answer.body.includes(t.web.refused.notSaved)]).toEqual([503, true]);
    expect(answer.body).toContain("503と出ます。</textarea>");
  });
});

async function nothingHappened(): Promise<void> {
  expect(await web.app.db.selectFrom("web_request").select("id").execute()).toEqual([]);
}

async function ticketsOf(address: string): Promise<number> {
  const rows = await web.app.db
    .selectFrom("ticket")
    .select("id")
    .where("requester_email", "=", address)
    .execute();
  return rows.length;
}

function mailed(words: string): number {
  return web.mail.mails.filter(({ text }) => text.includes(words)).length;
}
