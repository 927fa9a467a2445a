import type { Status } from "#db/tables.ts";
import type { Step } from "#tickets/ticket.ts";

export const STATUSES = [
  "new",
  "open",
  "pending",
  "on_hold",
  "solved",
  "closed",
] as const satisfies Status[];

/** Where each step leads from each status, in the order above; "!" is a refusal. Written beside the code, not from it. */
const MACHINE = {
  take: "open open pending on_hold !already-solved !already-closed",
  assign: "open open pending on_hold !already-solved !already-closed",
  reply: "open open open open !already-solved !already-closed",
  ask: "pending pending pending pending !already-solved !already-closed",
  offer: "pending pending pending pending !already-solved !already-closed",
  accept: "new open open open !already-solved !already-closed",
  dispute: "new open open open !already-solved !already-closed",
  solve: "solved solved solved solved !already-solved !already-closed",
  reopen: "!not-solved !not-solved !not-solved !not-solved open !already-closed",
  close: "!not-solved !not-solved !not-solved !not-solved closed !already-closed",
  inform: "new open open open open !already-closed",
} satisfies Record<Step, string>;

export type MachineCase = { step: Step; status: Status; next: Status } | RefusedCase;
export type RefusedCase = { step: Step; status: Status; refusal: string };

export const MACHINE_CASES: MachineCase[] = Object.entries(MACHINE).flatMap(([step, row]) =>
  row.split(" ").map((outcome, index) => {
    const at = { step: step as Step, status: STATUSES[index] as Status }; // a key and a column of the table
    if (outcome.startsWith("!")) return { ...at, refusal: outcome.slice(1) };
    return { ...at, next: outcome as Status }; // the table has statuses
  }),
);

export function machine(step: Step, status: Status): MachineCase {
  const found = MACHINE_CASES.find((each) => each.step === step && each.status === status);
  if (!found) throw new Error(`The table has no ${step} from ${status}.`);
  return found;
}
