import { createHmac, randomUUID } from "node:crypto";
import nock from "nock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Desk, NotFromDesk } from "#desk/desk.ts";
import { openHttpDesk } from "#desk/http.ts";
import { Refused } from "#errors.ts";
import { someComment, someFile, someStatus, someTicket, soon } from "../contract/desk-world.ts";
import { FAKE_DESK_SECRET } from "../support/fake-desk.ts";
import { signDelivery } from "../support/http-desk-news.ts";

type Sent = { headers: Headers; body: string };

const key = Buffer.from(FAKE_DESK_SECRET.slice("whsec_".length), "base64");
const filed = { ...someTicket(), id: "F-1" };
const minuteMs = 60_000;
let desk: Desk;

beforeEach(async () => {
  nock.disableNetConnect();
  const DESK_URL = "https://desk.example/in?queue=1";
  desk = await openHttpDesk({ DESK_URL, DESK_SECRET: FAKE_DESK_SECRET });
});
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

describe("what is sent", () => {
  it("is signed by the words of the specification", async () => {
    const sent = answers(200);

    await desk.create(someTicket(), soon());

    const [{ headers, body }] = sent as [Sent];
    const [id, time] = [headers.get("webhook-id"), headers.get("webhook-timestamp")];
    const mac = createHmac("sha256", key).update(`${id}.${time}.${body}`).digest("base64");
    expect(headers.get("webhook-signature")).toBe(`v1,${mac}`);
    expect(Math.abs(Number(time) - Date.now() / 1000)).toBeLessThan(5);
  });

  it("is a ticket", async () => {
    const sent = answers(200);
    const { createdAt, ...data } = someTicket();

    await desk.create({ createdAt, ...data }, soon());

    const timestamp = createdAt.toISOString();
    expect(idsOf(sent)).toEqual([`dl_${data.ticketId}`]);
    expect(messagesOf(sent)).toEqual([{ type: "ticket.created", timestamp, data }]);
  });

  it("is a file, with its bytes in base64 and what to count them by", async () => {
    const bytes = Buffer.from("\u0000\u00ff log", "latin1");
    const { attachmentId, at, name, mediaType, size, sha256 } = someFile(bytes);
    const sent = answers(200, JSON.stringify({ size, sha256 }));

    const kept = await desk.attach?.(filed, someFile(bytes, { attachmentId }), soon());

    const { ticketId, accountId, number, id: deskId } = filed;
    const about = { attachmentId, ticketId, accountId, number, deskId };
    const data = { ...about, name, mediaType, size, sha256, content: bytes.toString("base64") };
    expect(idsOf(sent)).toEqual([`dl_${attachmentId}`]);
    expect(messagesOf(sent)).toEqual([
      { type: "ticket.attached", timestamp: at.toISOString(), data },
    ]);
    expect(kept).toEqual({ size, sha256 });
  });

  it.each(["", "{}", '{"size":7}'])("is not kept as a file when the answer is %j", async (body) => {
    answers(200, body);

    const attached = desk.attach?.(filed, someFile(Buffer.from("x")), soon());

    await expect(attached).rejects.toBeInstanceOf(Refused);
  });

  it("is kept as a file when the desk has it already", async () => {
    answers(409);
    const file = someFile(Buffer.from("x"));

    expect(await desk.attach?.(filed, file, soon())).toEqual({ size: 1, sha256: file.sha256 });
  });

  it("is a comment and a status", async () => {
    const sent = answers(204);
    const [comment, status] = [someComment("Try again."), someStatus("pending")];

    await desk.change(filed, comment, soon());
    await desk.change(filed, status, soon());

    const { ticketId, accountId, number, id: deskId } = filed;
    const about = { ticketId, accountId, number, deskId };
    const author = { kind: "agent", name: "Aki" };
    expect(idsOf(sent)).toEqual([comment.changeId, status.changeId]);
    expect(messagesOf(sent)).toEqual([
      {
        type: "ticket.commented",
        timestamp: comment.at.toISOString(),
        data: { ...about, changeId: comment.changeId, author, body: "Try again." },
      },
      {
        type: "ticket.status_changed",
        timestamp: status.at.toISOString(),
        data: { ...about, changeId: status.changeId, status: "pending" },
      },
    ]);
  });

  it("is the same message when it is sent again", async () => {
    const sent = answers(200);
    const ticket = someTicket();

    await desk.create(ticket, soon());
    await desk.create(ticket, soon());

    const [first, again] = sent;
    expect(again?.body).toBe(first?.body);
    expect(new Set(idsOf(sent)).size).toBe(1);
  });
});

describe("what is answered", () => {
  it.each([
    [{ id: "T-9", url: "https://desk.example/T-9" }, "T-9", "https://desk.example/T-9"],
    [{ id: 9 }, "9", undefined],
    [{ id: null }, "DL-1042", undefined],
    [{ ok: true }, "DL-1042", undefined],
    ["", "DL-1042", undefined],
    [{ id: "T-9", url: "javascript:alert(1)" }, "T-9", undefined],
    [{ id: "T-9", url: "/T-9" }, "T-9", undefined],
  ])("%j files the ticket", async (body, id, url) => {
    answers(200, body);

    expect(await desk.create(someTicket(), soon())).toEqual({ id, url });
  });

  it("409 means that it was there before", async () => {
    answers(409, "known");

    expect(await desk.create(someTicket(), soon())).toMatchObject({ id: "DL-1042" });
    await desk.change(filed, someComment("again"), soon());
  });
});

describe("what is told", () => {
  const comment = { ticketId: randomUUID(), author: "Aki", body: "Done." };

  it("counts from five minutes ago to five minutes ahead", () => {
    for (const minutes of [-4.9, 4.9]) expect(receive(comment, minutes).kind).toBe("comment");
    for (const minutes of [-5.1, 5.1, 60 * 24 * 30]) {
      expect(() => receive(comment, minutes)).toThrow(NotFromDesk);
    }
  });

  it("is not believed with another secret", () => {
    const other = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
    const forged = signDelivery(other, { type: "ticket.commented", data: comment });

    expect(() => desk.receive?.(forged)).toThrow(NotFromDesk);
  });

  it("may be 100,000 characters, without what PostgreSQL cannot store", () => {
    const body = `\0${"長".repeat(100_000)}\ud83d`;

    const news = receive({ ...comment, body });

    expect(news).toMatchObject({ body: `${"長".repeat(100_000)}\ufffd` });
  });

  it.each([
    ["another type", "ticket.merged", comment],
    ["no ticket of ours", "ticket.solved", { ...comment, ticketId: "T-9" }],
    ["no author", "ticket.solved", { ticketId: comment.ticketId }],
    ["an empty comment", "ticket.commented", { ...comment, body: " \0\n" }],
    ["a comment that is no text", "ticket.commented", { ...comment, body: { html: "x" } }],
    ["nothing", "ticket.solved", undefined],
  ])("is not understood with %s", (_what, type, data) => {
    const delivery = signDelivery(FAKE_DESK_SECRET, { type, data: data ?? {} });

    expect(() => desk.receive?.(delivery)).toThrow(/invalid/i);
  });

  function receive(data: Record<string, unknown>, minutes = 0) {
    const sent = new Date(Date.now() + minutes * minuteMs);
    const told = { type: "ticket.commented", data };
    const news = desk.receive?.(signDelivery(FAKE_DESK_SECRET, told, { sent }));
    return news ?? expect.fail("the HTTP desk has no receive");
  }
});

/** Answers everything so, and keeps what was sent. */
function answers(status: number, body: nock.ReplyBody = ""): Sent[] {
  const sent: Sent[] = [];
  nock("https://desk.example")
    .persist()
    .post("/in?queue=1")
    .reply(async (request: Request) => {
      sent.push({ headers: request.headers, body: await request.text() });
      return [status, body];
    });
  return sent;
}

function idsOf(sent: Sent[]): (string | null)[] {
  return sent.map(({ headers }) => headers.get("webhook-id"));
}

function messagesOf(sent: Sent[]): unknown[] {
  return sent.map(({ body }) => JSON.parse(body));
}
