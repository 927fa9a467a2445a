import { Agent, get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { startWebServer } from "#web/server.ts";
import { quiet } from "../support/jobs.ts";

const IDLE_MS = 7000; // more than Node's own 5 s; a proxy keeps its connections for 60

it("keeps a quiet connection, on which whoever stands in front may send at any moment", async () => {
  await using web = await startWeb();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  const first = await ask(web.port, agent, "/livez");
  await sleep(IDLE_MS);
  const second = await ask(web.port, agent, "/livez");

  expect(second).toBe(first);
  agent.destroy();
});

it("does not wait for quiet connections when it stops, nor for one that it is answering now", async () => {
  const web = await startWeb({ readyAfterMs: 500 });
  const agent = new Agent({ keepAlive: true });
  await ask(web.port, agent, "/livez");
  const slow = ask(web.port, agent, "/readyz");
  await sleep(200);

  const began = performance.now();
  await web[Symbol.asyncDispose]();

  await slow;
  expect(performance.now() - began).toBeLessThan(5000);
  agent.destroy();
});

function startWeb({ readyAfterMs = 0 } = {}) {
  const notReady = () => sleep(readyAfterMs, undefined);
  return startWebServer({ port: 0, host: "127.0.0.1" }, { notReady, log: quiet });
}

/** Answers the port at our end of the connection that carried it. */
async function ask(port: number, agent: Agent, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port, agent, path }, (response) => {
      const { localPort } = response.socket;
      response.resume().once("end", () => resolve(localPort));
    }).once("error", reject);
  });
}
