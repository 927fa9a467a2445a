import { spawn } from "node:child_process";
import { once } from "node:events";
import { getPriority } from "node:os";
import { expect, it } from "vitest";
import { AGENTS, HELP } from "../support/app.ts";
import { DRAFT, MAIN, startProcesses, terminate } from "../support/processes.ts";

it("files tickets with web and worker processes on PostgreSQL and Redis, and again after the worker was killed", async () => {
  await using world = await startProcesses();
  const { simulator } = world;
  const tom = simulator.as("U0TOM");
  const cards = () => tom.messages(HELP).filter((message) => message.text.includes("VPN drops"));

  await tom.submit(await tom.command(HELP, "/ticket"), DRAFT);
  await simulator.until(() => cards().length === 1, 20_000);

  world.worker.kill("SIGKILL");
  await once(world.worker, "exit");
  await tom.submit(await tom.command(HELP, "/ticket"), DRAFT);
  await world.startWorker();
  await simulator.until(() => cards().length === 2, 30_000);
  await simulator.until(
    () => simulator.as("U0AKI").messages(AGENTS).filter(isTriageCard).length === 2,
    20_000,
  );

  expect(cards().map((card) => /DL-\d+/.exec(card.text)?.[0])).toEqual(["DL-1001", "DL-1002"]);
});

it("lets a worker give way to the web process", async () => {
  await using world = await startProcesses();

  const [web = Number.NaN, worker = Number.NaN] = [world.web, world.worker].map(({ pid }) =>
    getPriority(pid),
  );

  expect(worker).toBeGreaterThan(web); // as `nice` counts: the higher, the later
});

it("ends with exit code 0 within 10 seconds of SIGTERM", async () => {
  await using world = await startProcesses();

  const codes = await Promise.all([world.web, world.worker].map(terminate));

  expect(codes).toEqual([0, 0]);
});

it("says every wrong setting at once, in plain words, and starts nothing", async () => {
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env.PATH ?? "",
      SLACK_BOT_TOKEN: "xoxp-wrong",
      DESK: "http",
      PORT: "no",
    },
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = await once(child, "exit");

  expect(code).toBe(2);
  for (const name of [
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_AGENTS_CHANNEL",
    "PORT",
    "DESK_URL",
    "DESK_SECRET",
  ]) {
    expect(said).toContain(`  ${name}: `);
  }
  expect(said).not.toContain("    at ");
});

function isTriageCard(message: { text: string }): boolean {
  return message.text.includes("VPN drops");
}
