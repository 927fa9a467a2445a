import { join } from "node:path";
import { z } from "zod";
import { startWitness } from "../processes/witness-process.ts";
import type { WorldPlan } from "./world.ts";

const EVENT_RETRIES_MS = "500,4000,25000"; // as Slack: three, the last when a slow start is over

const MAIL_SERVER = "test/faults/mails/mail-server.ts";

const Said = z.object({
  url: z.string(),
  apiUrl: z.string(),
  filesUrl: z.string(),
  signingSecret: z.string(),
  appToken: z.string(),
  tokens: z.record(z.string(), z.string()),
});

/** Slack, the desk and the mail server, each in a process of its own that writes down what reaches it. */
export type Outside = { simulator: z.output<typeof Said>; deskUrl: string; smtpUrl: string };
type Where = { folder: string; seed: string; port: number; plan: WorldPlan };

export async function startOutside(
  stack: AsyncDisposableStack,
  { folder, seed, port, plan }: Where,
): Promise<Outside> {
  const start = async (file: string, log: string, ...more: string[]) =>
    stack.use(await startWitness(file, "--log", join(folder, log), ...more)).said;

  const address = `http://127.0.0.1:${port}/slack/events`;
  const simulator = await start(
    "src/simulator/main.ts",
    "slack.jsonl",
    ...["--seed", seed, "--event-retries", EVENT_RETRIES_MS],
    ...(plan.mode === "pglite" ? [] : ["--deliver-to", address]),
    ...(plan.isPaced === false ? ["--unpaced"] : []),
  );
  const desk = plan.deskProgram ?? "test/support/fake-desk.ts";
  return {
    simulator: Said.parse(JSON.parse(simulator)),
    deskUrl: await start(desk, "desk.jsonl", "--seed", seed, ...(plan.desk ?? [])),
    smtpUrl: await start(MAIL_SERVER, "mail.jsonl", "--seed", seed, ...(plan.mail ?? [])),
  };
}
