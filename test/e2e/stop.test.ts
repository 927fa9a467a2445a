import { once } from "node:events";
import { connect } from "node:net";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { HELP } from "../support/app.ts";
import { createEmbeddedFolder } from "../support/database.ts";
import { FAKE_DESK_SECRET, type FakeDesk, startFakeDesk } from "../support/fake-desk.ts";
import { LEAST, startInVain } from "../support/main-process.ts";
import { DRAFT, startProcesses, terminate } from "../support/processes.ts";
import { startServers } from "../support/servers.ts";

const HANGING = { DESK: "http", DESK_SECRET: FAKE_DESK_SECRET, HTTP_TIMEOUT_MS: "60000" };

it("ends in time while the desk keeps a call hanging, and the next worker files the ticket at once", async () => {
  await using desk = await startFakeDesk();
  desk.book.faults.push("hang");
  await using world = await startProcesses({ ...HANGING, DESK_URL: desk.url });
  await fileAndHang(world, desk);

  expect(await terminate(world.worker)).toBe(0);
  expect(await filingOf(world)).toMatchObject({ claim: null, failures: 0, attempts: 0 });
  await world.startWorker();

  await expect.poll(() => desk.book.held.length).toBe(1);
});

it("hands back in time, too, when it is all in one process and somebody's request never comes to its end", async () => {
  await using desk = await startFakeDesk();
  desk.book.faults.push("hang");
  await using world = await startProcesses({ ...HANGING, DESK_URL: desk.url });
  await terminate(world.worker);
  const all = await world.start("all");
  await fileAndHang(world, desk);
  using _endless = await beginRequest(all.port);

  expect(await terminate(all.child)).toBe(0);
  expect(await filingOf(world)).toMatchObject({ claim: null, failures: 0, attempts: 0 });
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

type World = Awaited<ReturnType<typeof startProcesses>>;

async function fileAndHang({ simulator }: World, { book }: FakeDesk): Promise<void> {
  const tom = simulator.as("U0TOM");
  await tom.submit(await tom.command(HELP, "/ticket"), DRAFT);
  await expect.poll(() => book.faults.length).toBe(0);
  await sleep(200);
}

async function filingOf({ db }: World) {
  return db.selectFrom("job").selectAll().where("name", "=", "ticket.file").executeTakeFirst();
}

async function beginRequest(port: number): Promise<Disposable> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {}); // it is cut in the end
  await once(socket, "connect");
  socket.write("POST /desk/events HTTP/1.1\r\nHost: deskline\r\nContent-Length: 100\r\n\r\nhalf");
  await sleep(200);
  return { [Symbol.dispose]: () => void socket.destroy() };
}
