import { z } from "zod";
import { Problem } from "#errors.ts";

export const MAX_DAYS = 90;

/** What `/support-access …` asks for. */
export type Wish =
  | { verb: "help" }
  | { verb: "show" }
  | { verb: "grant" | "reset"; days: number }
  | { verb: "off" };
export type Change = Exclude<Wish, { verb: "help" | "show" }>;

/** "30d", "30日", "2w", "2週間", and a bare number of days: whole, at least one day, at most 90. */
export const GrantLength = z
  .string()
  .regex(/^\d{1,3} ?(?:d|days?|日間?|w|weeks?|週間?)?$/)
  .transform((text) => Number.parseInt(text, 10) * (/[w週]/.test(text) ? 7 : 1))
  .pipe(z.int().min(1).max(MAX_DAYS));

/** What was done, as the inbox keeps it: a repeated delivery is answered from the same. */
export const Done = z.discriminatedUnion("did", [
  z.object({ did: z.enum(["grant", "reset"]), grantId: z.uuid() }),
  z.object({ did: z.literal("off") }),
]);
export type Done = z.output<typeof Done>;

/** Full-width letters and digits, as a Japanese keyboard types them, count as the plain ones. */
export function readWish(text: string): Wish {
  const words = text.normalize("NFKC").trim().toLowerCase();
  const [verb, ...rest] = words.split(/\s+/);
  const length = rest.join(" ");
  if (verb === "grant" || verb === "reset") return { verb, days: readDays(length) };
  if (length) throw new Problem("access-words", {});
  if (verb === "") return { verb: "show" };
  if (verb === "off" || verb === "help") return { verb };
  throw new Problem("access-words", {});
}

function readDays(text: string): number {
  const length = GrantLength.safeParse(text);
  if (!length.success) throw new Problem("grant-length", {});
  return length.data;
}
