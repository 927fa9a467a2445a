import { judge, untilItWorks } from "../people/patience.ts";
import { HELP, type Town } from "../people/town.ts";
import { type Done, doneAs } from "./done.ts";

/** An admin lets support in, for longer, or out again. */
export async function changeAccess(
  town: Town,
  wish: "grant 30d" | "reset 9d" | "off",
): Promise<Done> {
  const by = "U0DANA";
  const person = town.world.person(by);
  const at = Date.now();
  const came = await town.alone([by], () =>
    untilItWorks(async () => judge(await person.command(HELP, "/support-access", wish))),
  );
  town.isAccessOn = wish !== "off";
  const token = town.world.newToken();
  return { op: doneAs({ token, deed: "access", by, at }, { ...came, said: wish }) };
}
