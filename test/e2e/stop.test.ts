import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { HELP } from "../support/app.ts";
import { createEmbeddedFolder } from "../support/database.ts";
import { FAKE_DESK_SECRET, startFakeDesk } from "../support/fake-desk.ts";
import { LEAST, startInVain } from "../support/main-process.ts";
import { DRAFT, startProcesses, terminate } from "../support/processes.ts";
import { startServers } from "../support/servers.ts";

it("ends in time while the desk keeps a call hanging, and the next worker files the ticket at once", async () => {
  await using desk = await startFakeDesk();
  desk.book.faults.push("hang");
  await using world = await startProcesses({
    DESK: "http",
    DESK_URL: desk.url,
    DESK_SECRET: FAKE_DESK_SECRET,
    HTTP_TIMEOUT_MS: "60000",
  });
  const tom = world.simulator.as("U0TOM");
  await tom.submit(await tom.command(HELP, "/ticket"), DRAFT);
  await expect.poll(() => desk.book.faults.length, { timeout: 10_000 }).toBe(0);
  await sleep(200);

  expect(await terminate(world.worker)).toBe(0);
  const [job] = await world.db
    .selectFrom("job")
    .selectAll()
    .where("name", "=", "ticket.file")
    .execute();
  expect(job).toMatchObject({ claim: null, failures: 0, attempts: 0 });
  await world.startWorker();

  await expect.poll(() => desk.book.held.length, { timeout: 5000 }).toBe(1);
});

it("ends by itself when the embedded database breaks down, for a supervisor to start it again", async () => {
  await using servers = await startServers();
  const { apiUrl, tokens } = servers.simulator;
  await using place = await createEmbeddedFolder();
  const env = {
    ...LEAST,
    SLACK_API_URL: apiUrl,
    SLACK_BOT_TOKEN: tokens.T0KUMO ?? "",
    DESKLINE_DATA: dirname(place.folder),
  };

  const { code, said } = await startInVain(env, {
    nodeOptions: ["--import", `data:text/javascript,${encodeURIComponent(BREAKING)}`],
  });

  expect(said).toBe(""); // it was running
  expect(code).toBe(1);
});

/** Sends the thread of the database what it cannot bear, a second after the app listens. */
const BREAKING = `
import { subscribe } from "node:diagnostics_channel";
import { Server } from "node:net";
let thread;
subscribe("worker_threads", ({ worker }) => { thread ??= worker; });
const { listen } = Server.prototype;
Server.prototype.listen = function (...at) {
  setTimeout(() => thread.postMessage(null), 1000);
  return listen.apply(this, at);
};`;
