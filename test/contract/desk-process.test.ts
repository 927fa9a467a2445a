import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openHttpDesk } from "#desk/http.ts";
import { FAKE_DESK_SECRET } from "../support/fake-desk.ts";
import { file, someComment, someTicket, soon } from "./desk-world.ts";

it("is a desk of its own that witnesses every delivery, whatever it answered", async () => {
  await using fake = await startProcess("--fault", "refuse", "--fault", "lose:2");
  const ticket = someTicket();

  await expect(fake.desk.create(ticket, soon())).rejects.toThrow("desk-refused");
  await expect(fake.desk.create(ticket, soon())).rejects.toThrow("no answer");
  await expect(fake.desk.create(ticket, soon())).rejects.toThrow("no answer");
  await fake.desk.create(ticket, soon());

  const { ticketId } = ticket;
  expect(await fake.log()).toMatchObject([
    { ticketId, type: "ticket.created", status: 422, isNew: false },
    { ticketId, status: 201, delivery: "cut", isNew: true },
    { ticketId, status: 200, delivery: "cut", isNew: false },
    { ticketId, status: 200, delivery: "at once", isNew: false },
  ]);
});

it("takes and drops orders for faults while it runs", async () => {
  await using fake = await startProcess("--slow-ms", "400");
  const ticket = await file(fake.desk);

  await fake.order("PUT", { fault: "slow" });
  const begun = Date.now();
  await fake.desk.change(ticket, someComment("slowly"), soon());
  expect(Date.now() - begun).toBeGreaterThanOrEqual(390);

  await fake.order("PUT", { fault: "down", times: 1000 });
  await expect(fake.desk.change(ticket, someComment("not now"), soon())).rejects.toThrow("503");
  await fake.order("DELETE");
  await fake.desk.change(ticket, someComment("now"), soon());

  const held: unknown = await (await fetch(new URL("/tickets", fake.url))).json();
  expect(held).toMatchObject([{ changes: [{ body: "slowly" }, { body: "now" }] }]);
});

it("answers and logs what is not signed, and keeps nothing of it", async () => {
  await using fake = await startProcess();

  const forged = await fetch(fake.url, { method: "POST", body: "not even JSON" });

  expect(forged.status).toBe(401);
  expect(await fake.log()).toMatchObject([{ status: 401, isNew: false }]);
});

async function startProcess(...options: string[]) {
  const folder = await mkdtemp(join(tmpdir(), "deskline-desk-"));
  const log = join(folder, "desk.jsonl");
  const args = ["test/support/fake-desk.ts", "--port", "0", "--log", log, ...options];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(child.stdout, "data");
  const url = String(line).trim();
  return {
    url,
    desk: await openHttpDesk({ DESK_URL: url, DESK_SECRET: FAKE_DESK_SECRET }),
    async order(method: "PUT" | "DELETE", fault?: object): Promise<void> {
      const body = fault ? JSON.stringify(fault) : null;
      const { status } = await fetch(new URL("/faults", url), { method, body });
      expect(status).toBe(204);
    },
    async log(): Promise<unknown[]> {
      const lines = (await readFile(log, "utf8")).trimEnd().split("\n");
      return lines.map((json): unknown => JSON.parse(json));
    },
    async [Symbol.asyncDispose]() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      expect(await ended).toEqual([0, null]);
      await rm(folder, { recursive: true });
    },
  };
}
