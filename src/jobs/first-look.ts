import { setTimeout as sleep } from "node:timers/promises";
import { decoded } from "#db/in-words.ts";
import { CannotStart } from "#errors.ts";
import type { Carriage } from "./bullmq-carriage.ts";
import { mustNotEvict } from "./eviction.ts";

const FIRST_LOOK_MS = 2000;

/** Refuses a Redis that will not do however long we wait. One that is down may come: tickets are taken all the same. */
export async function lookAtRedis(carriage: Carriage, url: string): Promise<void> {
  const deadline = Date.now() + FIRST_LOOK_MS;
  while (!carriage.isReady() && !carriage.refusal()) {
    if (Date.now() > deadline) return;
    await sleep(20);
  }
  try {
    mustLetUsIn(carriage.refusal(), new URL(url));
    await mustNotEvict(carriage);
  } catch (error) {
    await carriage.close(Promise.resolve());
    throw error;
  }
}

/** The address without the password. */
function mustLetUsIn(refusal: string | undefined, { host, username, pathname }: URL): void {
  if (!refusal) return;
  const [code] = refusal.split(" ");
  if (code === "NOAUTH")
    throw new CannotStart(`Redis at ${host} asks for a password. Put it into REDIS_URL.`);
  if (code === "WRONGPASS") {
    const user = decoded(username) || "default";
    throw new CannotStart(
      `Redis at ${host} refuses the user "${user}" or its password (${code}). Correct REDIS_URL.`,
    );
  }
  const name = pathname.slice(1);
  throw new CannotStart(`Redis at ${host} has no database ${name}. Correct REDIS_URL.`);
}
