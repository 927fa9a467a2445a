import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Program } from "../support/program.ts";
import { quantile, shown } from "./numbers.ts";
import type { Report } from "./report.ts";

const Line = z.object({
  kind: z.enum(["command", "submission"]),
  subject: z.string(),
  ms: z.number(),
  status: z.number(),
  number: z.string().optional(),
  answer: z.string().optional(),
});
export type Ack = z.output<typeof Line>;
const Ended = z.object({ sent: z.number(), tookMs: z.number() });

export const ACK_MS = 3000;

/** What one client saw, and how fast it went. */
export async function acksOf(
  client: Program & { log: string },
): Promise<{ acks: Ack[]; perSecond: number }> {
  const code = await client.ended;
  if (code !== 0) throw new Error(`The client ended with ${code}: ${client.complaints()}`);
  const { sent, tookMs } = Ended.parse(JSON.parse(client.lines.at(-1) ?? ""));
  return { acks: readLines(client.log, Line), perSecond: sent / (tookMs / 1000) };
}

export function readLines<S extends z.ZodType>(path: string, schema: S): z.output<S>[] {
  const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => schema.parse(JSON.parse(line)));
}

/** Answers the p99 of the submissions. */
export function claimAcks(report: Report, { acks, perSecond }: Awaited<ReturnType<typeof acksOf>>) {
  for (const [kind, all] of Map.groupBy(acks, (ack) => ack.kind)) {
    const times = all.map(({ ms }) => ms);
    const most = Math.max(...times);
    const figures = `p50 ${shown(quantile(times, 0.5))}, p99 ${shown(quantile(times, 0.99))}, max ${shown(most)}`;
    const rate = `${all.length} at ${perSecond.toFixed(1)} a second`;
    report.claim(most <= ACK_MS, `no ack of a ${kind} over 3 s: ${rate}, ${figures}`);
  }
  const bad = acks.filter(({ answer }) => answer !== undefined);
  report.claim(bad.length === 0, `every one accepted: ${bad.length} were not`);
  for (const { kind, status, answer } of bad.slice(0, 3)) {
    report.note(`${kind}: ${status} ${answer?.slice(0, 200)}`);
  }
  const submissions = acks.filter(({ kind }) => kind === "submission");
  return quantile(
    submissions.map(({ ms }) => ms),
    0.99,
  );
}
