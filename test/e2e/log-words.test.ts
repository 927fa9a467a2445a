import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { HELP, startTestApp } from "../support/app.ts";
import { FAKE_DESK_SECRET } from "../support/fake-desk.ts";
import { walk } from "../support/ticket-walk.ts";

const CANARY = "canary-77aa";

it("holds nothing typed when a desk's answers quote the ticket, and the operator's row has them", async () => {
  await using desk = await startEchoingDesk();
  const env = { DESK: "http", DESK_URL: desk.url, DESK_SECRET: FAKE_DESK_SECRET };
  await using app = await startTestApp({ env, paced: false });
  const w = walk(app);

  await w.file(w.as("U0HANA"), HELP, CANARY);
  desk.status = 500;
  await expect.poll(() => said(app.logged), { timeout: 15_000 }).toContain("job will run again");
  desk.status = 422;
  await expect
    .poll(() => said(app.logged), { timeout: 15_000 })
    .toContain("job given up; see `deskline jobs show`");

  expect(JSON.stringify(app.logged)).not.toContain(CANARY);
  expect(JSON.stringify(app.logged)).toContain("answered 500");
  expect(JSON.stringify(app.logged)).toContain("answered 422");
  const dead = await app.db
    .selectFrom("job")
    .select("last_error")
    .where("dead_at", "is not", null)
    .executeTakeFirst();
  expect(dead?.last_error).toContain(CANARY);
});

it("holds nothing typed at its most talkative either", async () => {
  await using app = await startTestApp({ logLevel: "trace", paced: false });
  const w = walk(app);

  const { card } = await w.filed(CANARY);
  await w.as("U0HANA").send(HELP, CANARY, card.ts);
  await w.inThread(w.as("U0AKI"), await w.triage("DL-"), CANARY);

  expect(said(app.logged)).toContain("Deskline is running");
  expect(JSON.stringify(app.logged)).not.toContain(CANARY);
  expect(JSON.stringify(app.logged)).not.toMatch(/xoxb-|xapp-/);
});

function said(logged: Record<string, unknown>[]): unknown[] {
  return logged.map(({ msg }) => msg);
}

/** Answers with a status and, as some do, with what it was sent. */
async function startEchoingDesk() {
  const desk = { status: 500, url: "" };
  const server = createServer(async (req, res) => {
    const { data } = JSON.parse(await text(req));
    res.writeHead(desk.status).end(`not this: ${data.subject}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return Object.assign(desk, {
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
