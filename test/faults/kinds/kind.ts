import type { Finding } from "../checks/violations.ts";
import type { Town } from "../people/town.ts";
import type { Random } from "../world/random.ts";
import type { Mode, World, WorldPlan } from "../world/world.ts";

/** Where the app finds its servers. */
export type Addresses = { databaseUrl: string; redisUrl: string };

/** One way in which the world goes wrong. Several may do so at once in one world, beside the same work. */
export type Kind = {
  modes: readonly Mode[];
  /** Filings of a full run, over all modes. */
  count: number;
  /** What it is done with or without; each has worlds of its own. */
  variants?: readonly string[];
  begin(stack: AsyncDisposableStack, run: KindRun): Promise<Disturbance>;
};

export type KindRun = {
  mode: Mode;
  variant: string | undefined;
  random: Random;
  /** Filings in this world. */
  count: number;
  /** How much longer than alone anything may take, because of what else goes wrong. */
  patienceMs: number;
  /** Strikes only there, where the kind has points. */
  point: string | undefined;
};

/** What a kind does to one world. */
export type Disturbance = {
  plan?: Partial<WorldPlan>;
  /** Puts itself between the app and its servers. */
  between?(at: Addresses): Promise<Addresses>;
  /** Runs beside the work, which goes on until it is over. */
  strike?(town: Town): Promise<void>;
  /** After all is calm: what it did, in words. What should not be, it claims. */
  judge(world: World, finding: Finding): string;
};
