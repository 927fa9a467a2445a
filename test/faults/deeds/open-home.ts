import type { Town } from "../people/town.ts";
import { type Done, doneAs } from "./done.ts";

export async function openHome(town: Town, by: string): Promise<Done> {
  const { world } = town;
  const at = Date.now();
  const acted = await world.person(by).openHome();
  const token = world.newToken();
  const op = doneAs({ token, deed: "home", by, at }, { outcome: acted.ok ? "ok" : "failed" });
  const isTheirs = ({ user_id }: Record<string, unknown>) => user_id === by;
  const isThere = () =>
    world.slack.calls.some(
      (call) => call.method === "views.publish" && call.ok && call.at >= at && isTheirs(call.args),
    );
  return { op, isThere };
}
