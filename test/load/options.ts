import { parseArgs } from "node:util";
import { z } from "zod";

const count = z.coerce.number().int().min(1);

const Options = z.object({
  /** Submissions a second, and `/ticket` as often. */
  rate: count.default(50),
  seconds: count.default(60),
  channels: count.default(100),
  workers: count.default(2),
  /** Tickets that wait while the desk is down. */
  backlog: count.default(20_000),
  /** Seconds for which it is down once they wait. */
  outage: count.default(60),
  /** How it is down: it answers 503, or nothing at all. */
  how: z.enum(["refuse", "hang"]).default("refuse"),
  /** A folder for all logs, which is then left as it is. */
  keep: z.string().optional(),
  tenth: z.boolean().default(false),
});
export type Options = z.output<typeof Options>;

/** For CI: the same rate, for a shorter time, and a tenth of the backlog. */
const TENTH = { seconds: 15, backlog: 2000, outage: 10 };

export function readOptions(): Options {
  const names = Object.keys(Options.shape);
  const { values } = parseArgs({
    options: Object.fromEntries(
      names.map((name) => [name, { type: name === "tenth" ? "boolean" : "string" } as const]),
    ),
  });
  return Options.parse({ ...(values.tenth && TENTH), ...values });
}
