import type { Changes } from "./changes.ts";
import type { Delivery } from "./delivery.ts";
import type { Faults } from "./faults.ts";
import type { Mailbox } from "./mailbox.ts";
import type { Manifest } from "./manifest.ts";
import type { Pace } from "./pace.ts";
import type { SocketMode } from "./socket-mode.ts";
import type { Triggers } from "./triggers.ts";
import type { World } from "./world.ts";

/** The parts of one running simulator, joined in simulator.ts. */
export type Sim = {
  world: World;
  manifest: Manifest;
  changes: Changes;
  triggers: Triggers;
  faults: Faults;
  pace: Pace;
  delivery: Delivery;
  sockets: SocketMode;
  mailbox: Mailbox | undefined;
  calls: ApiCall[];
  /** Leaves out a name and picture that the app may not give, and says nothing, instead of refusing them. */
  ignoresLooks: boolean;
  /** `http://127.0.0.1:PORT`, known once the server listens. */
  origin: string;
  /** Is told every Web API call and every delivery, in order. */
  witness(entry: WitnessEntry): void;
};

export type ApiCall = {
  method: string;
  teamId: string;
  args: Record<string, unknown>;
  ok: boolean;
  error?: string;
  /** Milliseconds since 1970. */
  at: number;
};

export type WitnessEntry =
  | ({ what: "call"; answer: unknown; dropped: boolean } & ApiCall)
  | {
      what: "delivery";
      kind: string;
      payload: unknown;
      outcome: string;
      /** What the app said with its ack. */
      answer?: unknown;
      attempt: number;
      /** Milliseconds since 1970: when the outcome was known. */
      at: number;
    }
  /** A response_url was used. */
  | { what: "response"; url: string; body: string; ok: boolean; at: number };
