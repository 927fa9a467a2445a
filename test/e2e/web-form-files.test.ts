import { createHash, randomBytes } from "node:crypto";
import { connect } from "node:net";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { onFaultPoint } from "#fault-points.ts";
import { textsOf } from "#text/texts.ts";
import { AGENTS } from "../support/app.ts";
import { FAKE_DESK_SECRET, startFakeDesk } from "../support/fake-desk.ts";
import { textOf, type Walk, walk } from "../support/ticket-walk.ts";
import { FILLED, startWebForm, untilTrue, type WebForm } from "../support/web-form.ts";
import { nonceIn } from "../support/web-page.ts";

const t = textsOf("ja");
const w = t.web.page;
const MB = 1024 * 1024;
const LOG = randomBytes(2000).toString("hex");

describe("files on the page of a web ticket, where the desk is embedded", () => {
  let web: WebForm;
  let agents: Walk;
  let path: string;
  let name: string;
  beforeAll(async () => {
    web = await startWebForm({ paced: false });
    agents = walk(web.app);
  });
  afterAll(() => web[Symbol.asyncDispose]());
  beforeEach(async () => {
    name = randomBytes(6).toString("hex");
    path = await web.file({ ...FILLED, email: `${name}@acme.example`, name });
    await web.app.db.deleteFrom("web_limit").execute();
  });

  it("go into the agents' thread, whole, and stand on the page", async () => {
    const answer = await web.reply(path, "ログを付けます", [file("build.log", LOG)]);

    expect([answer.status, answer.headers.get("location")]).toEqual([303, `${path}?lang=ja`]);
    const triage = await agents.triage(name);
    await agents.shows(agents.as("U0AKI"), triage, "• build.log ・ 4 KB ・ 受け取り済み");
    const [shared] = await sharedIn(triage.ts, 1);
    expect(bytesOf(shared?.files[0]?.id)).toBe(LOG);
    await agents.inThread(agents.as("U0AKI"), triage, "ログを付けます");
    const page = (await web.visit(path)).body;
    for (const words of ["build.log", "4 KB", w.fileStates.delivered, w.filesSent("build.log")])
      expect(page).toContain(words);
  });

  it("need no words, and are named in the agents' thread", async () => {
    const answer = await web.reply(path, "", [file("a.log", "a"), file("b.log", "b")]);

    expect(answer.status).toBe(303);
    const triage = await agents.triage(name);
    await agents.inThread(agents.as("U0AKI"), triage, t.agents.files("a.log ・ b.log"));
    await sharedIn(triage.ts, 2);
  });

  it("may be none: then there must be words", async () => {
    expect((await web.reply(path, "言葉だけ", [])).status).toBe(303);
    const empty = await web.reply(path, " ", []);

    expect([empty.status, empty.body.includes(t.fields.textBlank)]).toEqual([422, true]);
  });

  it("that are sent twice are one, also when it is the same sending", async () => {
    const nonce = nonceIn((await web.visit(path)).body);
    const again = () => web.reply(path, "一度だけ", [file("one.log", LOG)], nonce);

    const answers = [await again(), await again()];
    answers.push(await web.reply(path, "もう一度", [file("renamed.log", LOG)]));
    await Promise.all([again(), web.reply(path, "同時に", [file("one.log", LOG)])]);

    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    const triage = await agents.triage(name);
    await agents.inThread(agents.as("U0AKI"), triage, "同時に");
    await agents.shows(agents.as("U0AKI"), triage, "one.log ・ 4 KB ・ 受け取り済み");
    expect(await sharedIn(triage.ts, 1)).toHaveLength(1);
    const said = agents.as("U0AKI").thread(AGENTS, triage.ts).map(textOf);
    expect(said.filter((text) => text.includes("一度だけ"))).toHaveLength(1);
    expect(await attachments()).toMatchObject([{ name: "one.log", state: "delivered" }]);
  });

  it.each<[string, File[], string[]]>([
    [
      "a program",
      [file("setup.exe", "MZ")],
      [w.fileRefused("setup.exe", t.fileFaults["forbidden-type"])],
    ],
    [
      "a web page called otherwise",
      [file("a.txt", "<html>")],
      [w.fileRefused("a.txt", t.fileFaults["forbidden-type"])],
    ],
    ["an empty one", [file("empty.log", "")], [w.fileRefused("empty.log", t.fileFaults.empty)]],
    [
      "one of 11 MB",
      [new File([Buffer.alloc(11 * MB, 7)], "large.bin")],
      [w.fileRefused("large.bin", t.fileFaults["too-large"])],
    ],
    [
      "an eleventh",
      Array.from({ length: 11 }, (_, n) => file(`${n}.log`, `log ${n}`)),
      [w.fileRefused("10.log", t.fileFaults["too-many"])],
    ],
  ])(
    "that are refused, as %s, are named on the page, and the reply is taken",
    async (_what, files, said) => {
      const answer = await web.reply(path, "本文は残ります", files);

      expect(answer.headers.get("location")).toBe(`${path}?lang=ja#attachments`);
      const page = (await web.visit(path)).body;
      for (const sentence of ["本文は残ります", ...said]) expect(page).toContain(sentence);
      await agents.inThread(agents.as("U0AKI"), await agents.triage(name), "本文は残ります");
      expect(web.mail.to(`${name}@acme.example`)).toHaveLength(2); // what the page shows at once is not mailed
    },
  );

  it("that are all refused make no reply where there are no words; the page says why", async () => {
    const answer = await web.reply(path, "", [file("setup.exe", "MZ")]);

    expect(answer.status).toBe(422);
    expect(answer.body).toContain(w.fileRefused("setup.exe", t.fileFaults["forbidden-type"]));
    expect(await attachments()).toEqual([]);
  });

  it("with names that hold anything are called by one line of it", async () => {
    const odd = `../<b>*x*_${"長".repeat(200)}.log`;

    await web.reply(path, "", [file(odd, LOG), file(`${odd}\0`, "")]);

    const page = (await web.visit(path)).body;
    expect(page).toContain("&lt;b&gt;*x*_長");
    expect(page).not.toContain("<b>");
    expect((await attachments()).every(({ name }) => String(name).length <= 150)).toBe(true);
  });

  it("come back with the words when the page is of another site, too old or used too often", async () => {
    const body = new FormData();
    body.set("body", "消えません");
    body.append("files", file("a.log", LOG));
    const cross = await web.visit(path, {
      method: "POST",
      body,
      headers: { "sec-fetch-site": "cross-site" },
    });
    const old = await web.reply(path, "消えません", [file("a.log", LOG)], "none");
    const statuses: number[] = [];
    for (let n = 0; n < 11; n++)
      statuses.push((await web.reply(path, `${n}`, [file("a.log", LOG)])).status);

    expect([cross.status, old.status]).toEqual([403, 422]);
    for (const { body } of [cross, old]) expect(body).toContain("消えません</textarea>");
    expect(statuses).toEqual([...Array(10).fill(303), 429]);
  });

  it("are refused in words where the form breaks off or is too large, and the words are kept", async () => {
    const broken = await rawReply(path, { files: "x", end: "" });
    const much = await rawReply(path, { files: Buffer.alloc(121 * MB), end: "\r\n--b--\r\n" });

    for (const [answer, status, sentence] of [
      [broken, 400, t.web.refused.filesBroken],
      [much, 413, t.web.refused.filesTooMuch],
    ] as const) {
      expect(answer).toContain(`HTTP/1.1 ${status} `);
      expect(answer).toContain(sentence);
      expect(answer).toContain("消えません</textarea>");
    }
  });

  it("of more than two visitors at once are asked to come a minute later", async () => {
    const slow = [await beginReply(path, MB), await beginReply(path, MB)];
    await untilTrue(async () => (await countSendings()) === 2);

    const third = await web.reply(path, "消えません", [file("a.log", LOG)]);
    const words = await web.reply(path, "言葉だけ", []);
    slow.pop()?.destroy();

    expect([third.status, words.status]).toEqual([503, 303]);
    expect(third.body).toContain(t.web.refused.filesBusy);
    expect(third.body).toContain("消えません</textarea>");
    await untilTrue(
      async () => (await web.reply(path, "今度は", [file("a.log", LOG)])).status === 303,
    );
  });

  it("may take longer than any other request, as over a phone", async () => {
    const socket = await beginReply(path, 10);
    await new Promise((resolve) => setTimeout(resolve, 12_000)); // others are cut off after ten seconds

    socket.write("\r\n--b--\r\n\r");

    let answer = "";
    for await (const chunk of socket) answer += chunk;
    expect(answer).toContain("HTTP/1.1 303 ");
    await agents.shows(agents.as("U0AKI"), await agents.triage(name), "x.bin");
  });

  it("that are lost on their way are asked for again, by mail and on the page", async () => {
    onFaultPoint(async (point) => {
      if (point === "web-file.before-send") throw new Error("died");
    });
    const died = await web.reply(path, "消えません", [file("lost.log", LOG)]);
    onFaultPoint(undefined);
    expect([died.status, died.body.includes("消えません</textarea>")]).toEqual([503, true]);
    expect(died.body).toContain(w.fileStates.waiting);

    await sql`update job set run_at = deskline_now() where name = 'ticket.drop-file'`.execute(
      web.app.db,
    );

    const said = w.fileRefused("lost.log", t.fileFaults.interrupted);
    await untilTrue(() =>
      web.mail.to(`${name}@acme.example`).some(({ text }) => text.includes(said)),
    );
    expect((await web.visit(path)).body).toContain(said);
    expect((await web.reply(path, "", [file("lost.log", LOG)])).status).toBe(303);
    await agents.shows(
      agents.as("U0AKI"),
      await agents.triage(name),
      "lost.log ・ 4 KB ・ 受け取り済み",
    );
  });

  it("let neither bytes nor the page's address into the log", () => {
    const logged = JSON.stringify(web.app.logged);

    expect(logged).not.toContain(LOG.slice(0, 40));
    expect(logged).not.toContain(path.split("/").at(-1));
  });

  async function attachments() {
    return web.app.db
      .selectFrom("attachment")
      .innerJoin("ticket", "ticket.id", "attachment.ticket_id")
      .select(["attachment.name", "attachment.state", "attachment.why"])
      .where("requester_name", "=", name)
      .execute();
  }
  function bytesOf(id = ""): string | undefined {
    return web.app.simulator.world.file(id).bytes?.toString();
  }
  function sharedIn(ts: string, count: number) {
    return agents.until(() => {
      const thread = agents.as("U0AKI").thread(AGENTS, ts);
      const shared = thread.filter(({ files }) => files.length > 0);
      return shared.length === count && shared;
    });
  }
  /** Over a socket of its own: `fetch` sends no broken forms. */
  async function rawReply(to: string, { files, end }: { files: string | Buffer; end: string }) {
    const socket = await beginReply(to, files.length + end.length);
    socket.write(files);
    socket.write(end);
    let answer = "";
    for await (const chunk of socket) answer += chunk;
    return answer;
  }
  /** Of this ticket, whose files are looked at. */
  async function countSendings(): Promise<number | undefined> {
    const row = await web.app.db
      .selectFrom("web_limit")
      .select("count")
      .where("key", "like", "files/ticket/%")
      .executeTakeFirst();
    return row?.count;
  }
  async function beginReply(to: string, more: number) {
    const nonce = nonceIn((await web.visit(to)).body);
    const part = (head: string, value: string) =>
      `--b\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}`;
    const fields = Object.entries({ nonce, step: "inform", body: "消えません" })
      .map(([field, value]) => part(`name="${field}"`, `${value}\r\n`))
      .join("");
    const start = Buffer.from(
      `${fields}${part('name="files"; filename="x.bin"', "its first bytes")}`,
    );
    const socket = connect(Number(new URL(web.origin).port), "127.0.0.1");
    socket.on("error", () => {}); // "close" follows
    socket.write(
      `POST ${to}?lang=ja HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${start.length + more}\r\n\r\n`,
    );
    socket.write(start);
    return socket;
  }
});

describe("files on the page of a web ticket, at a desk that takes them", () => {
  it("are there as they were sent, once, also when its answers are lost", async () => {
    await using desk = await startFakeDesk();
    await using web = await startWebForm({
      paced: false,
      env: { DESK: "http", DESK_URL: desk.url, DESK_SECRET: FAKE_DESK_SECRET },
    });
    const path = await web.file();
    await untilTrue(async () => (await firstTicket(web)).desk_id !== null);

    desk.book.faults.push("lose");
    const lost = await web.reply(path, "消えません", [file("build.log", LOG)]);
    const again = await web.reply(path, "消えません", [file("build.log", LOG)]);

    expect([lost.status, again.status]).toEqual([503, 303]);
    expect(lost.body).toContain(t.web.refused.filesLater);
    expect(lost.body).toContain("消えません</textarea>");
    await untilTrue(() => desk.book.held[0]?.changes.length);
    expect(desk.book.held[0]).toMatchObject({
      files: [{ name: "build.log", size: LOG.length, sha256: hashOf(LOG) }],
      changes: [{ kind: "comment", body: "消えません" }],
    });
    expect(desk.book.held[0]?.files).toHaveLength(1);
    expect((await web.visit(path)).body).toContain(w.fileStates.delivered);

    desk.book.faults.push("refuse");
    const refused = await web.reply(path, "これは残ります", [file("no.log", "no")]);
    expect(refused.headers.get("location")).toContain("#attachments");
    expect((await web.visit(path)).body).toContain(t.fileFaults["desk-refused"]);
  });

  it("wait for the ticket to be there: a sentence, and the words are kept", async () => {
    await using desk = await startFakeDesk();
    desk.book.faults.push(...Array(100).fill("busy"));
    await using web = await startWebForm({
      paced: false,
      env: { DESK: "http", DESK_URL: desk.url, DESK_SECRET: FAKE_DESK_SECRET },
    });
    const path = await web.file();

    const early = await web.reply(path, "消えません", [file("build.log", LOG)]);

    expect(early.status).toBe(503);
    expect(early.body).toContain(t.web.refused.filesNotYet);
    expect(early.body).toContain("消えません</textarea>");
    expect(await web.app.db.selectFrom("attachment").select("id").execute()).toEqual([]);
  });
});

async function firstTicket(web: WebForm) {
  return web.app.db.selectFrom("ticket").select("desk_id").executeTakeFirstOrThrow();
}

function file(name: string, content: string): File {
  return new File([content], name);
}

function hashOf(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}
