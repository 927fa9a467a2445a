import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { COMPILED } from "../../support/compiled.ts";
import { ARMED, type Order } from "./orders.ts";

const ROOT = new URL("../../../", import.meta.url).pathname;
const ARM = new URL("./arm.ts", import.meta.url).pathname;
const STOP_MS = 10_000; // what Deskline promises
const GRACE_MS = 3000; // for a machine that is busy with all the others
/** So long a process may take to stop. */
export const STOPPED_MS = STOP_MS + GRACE_MS;
const START_MS = 90_000;
const CRASH_LOOP_MS = 500;
const LOOK_MS = 30;

export type Plan = {
  name: string;
  env: Record<string, string>;
  log: string;
  strikes: string;
  /** Another program than Deskline's own, from the root of the repository. */
  program?: string;
};

/** A process that is started again as soon as it ends, as a supervisor does. */
export type KeptRunning = {
  name: string;
  arm(orders: Order[]): void;
  signal(name: NodeJS.Signals): void;
  /** Resolves when it has said that it runs, later than that moment: after a kill, its next life. */
  running(since?: number): Promise<void>;
  /** When it ended, and whether somebody outside or it itself did that. */
  deaths: { at: number; signal: NodeJS.Signals | null; code: number | null }[];
  /** When it said that it runs. */
  runs: number[];
  /** Waits for the end of a process that was told to stop then; one that stays longer than it may is killed. */
  ended(since: number): Promise<void>;
  /** SIGTERM, and no new start. False when it took longer than it may, or did not end well. */
  stop(): Promise<boolean>;
  /** Starts it again after `stop`. */
  start(): void;
};

export function keepRunning(plan: Plan): KeptRunning {
  const log = createWriteStream(plan.log, { flags: "a" });
  const deaths: KeptRunning["deaths"] = [];
  const runs: number[] = [];
  let bornAt = 0;
  let isWanted = true;
  let isUp = false;
  let child = born();

  function born(): ChildProcess {
    const started = spawn(
      process.execPath,
      [
        "--disable-warning=ExperimentalWarning",
        "--import",
        ARM,
        join(ROOT, plan.program ?? "src/main.ts"),
      ],
      {
        env: {
          PATH: process.env.PATH ?? "",
          ...COMPILED,
          ...plan.env,
          [ARMED]: JSON.stringify(nameOf(plan)),
        },
        stdio: ["ignore", "pipe", "pipe", "ipc"],
      },
    );
    bornAt = Date.now();
    started.on("error", () => {}); // an order that came after its end
    keepWords(started, log);
    started.stdout?.on("data", (words: Buffer) => {
      if (!words.includes("Deskline is running")) return;
      isUp = true;
      runs.push(Date.now());
    });
    void once(started, "exit").then(([code, signal]) => onEnd(started, code, signal));
    return started;
  }
  async function onEnd(
    ended: ChildProcess,
    code: number | null,
    signal: NodeJS.Signals | null,
  ): Promise<void> {
    isUp = false;
    deaths.push({ at: Date.now(), code, signal });
    const livedMs = Date.now() - bornAt;
    if (livedMs < CRASH_LOOP_MS) await sleep(CRASH_LOOP_MS);
    if (isWanted && ended === child) start(); // or its next life has begun, and a second would never be stopped
  }
  function start(): void {
    isWanted = true;
    child = born();
  }

  return {
    name: plan.name,
    deaths,
    runs,
    start,
    arm(orders) {
      if (child.connected) child.send({ orders }, () => {}); // it may end just now
    },
    signal: (name) => void child.kill(name),
    async running(since = 0) {
      const deadline = Date.now() + START_MS;
      while (!isUp || (runs.at(-1) ?? 0) <= since) {
        if (Date.now() > deadline) throw new Error(`${plan.name} did not start in time`);
        await sleep(LOOK_MS);
      }
    },
    async ended(since) {
      const late = setTimeout(() => child.kill("SIGKILL"), since + STOPPED_MS - Date.now());
      while (!deaths.some(({ at }) => at >= since)) await sleep(LOOK_MS);
      clearTimeout(late);
    },
    async stop() {
      isWanted = false;
      if (child.exitCode !== null || child.signalCode !== null) return true;
      const ended = once(child, "exit");
      const hears = isUp;
      child.kill("SIGCONT");
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), STOPPED_MS);
      await ended;
      clearTimeout(late);
      return hears ? child.exitCode === 0 : child.signalCode !== "SIGKILL";
    },
  };
}

function nameOf({ name, strikes }: Plan) {
  return { name, strikes };
}

function keepWords(child: ChildProcess, log: WriteStream): void {
  child.stdout?.on("data", (words: Buffer) => log.write(words));
  child.stderr?.on("data", (words: Buffer) => log.write(words));
}
