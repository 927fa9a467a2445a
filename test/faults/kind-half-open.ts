import { type Gate, openGate } from "../support/gate.ts";
import type { Kind } from "./kinds/kind.ts";
import { type Blow, isRecovered, strikeOften, tellBlows } from "./kinds/recovery.ts";

const WITHIN_MS = 25_000;

/** The links to the servers go silent, and nobody says that they are gone. */
export const halfOpen: Kind = {
  modes: ["embedded", "bullmq"],
  count: 1000,
  async begin(stack, { count, patienceMs }) {
    const gates = new Map<string, Gate>();
    let blows: Blow[] = [];

    async function lead(name: string, address: string): Promise<string> {
      const url = new URL(address);
      const gate = stack.use(await openGate(Number(url.port)));
      gates.set(name, gate);
      url.hostname = "127.0.0.1";
      url.port = String(gate.port);
      return url.href;
    }

    return {
      plan: { isPaced: false },
      between: async ({ databaseUrl, redisUrl }) => ({
        databaseUrl: await lead("PostgreSQL", databaseUrl),
        redisUrl: redisUrl && (await lead("Redis", redisUrl)),
      }),
      async strike(town) {
        blows = await strikeOften(town, count, async (nth) => {
          const names = [...gates.keys()];
          const name = names[nth % names.length] ?? "";
          gates.get(name)?.silence();
          return name;
        });
      },
      judge(_world, { claim }) {
        const late = blows.filter((one) => !isRecovered(one, WITHIN_MS + patienceMs));
        claim(late.length === 0, "work did not go on within 25 s of a silent link", ...late);
        return tellBlows(blows);
      },
    };
  },
};
