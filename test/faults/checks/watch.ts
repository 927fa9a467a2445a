import type { World } from "../world/world.ts";
import { checkPace } from "./check-conduct.ts";
import { checkMarks } from "./check-outside.ts";
import { startFinding } from "./violations.ts";

const LOOK_MS = 500;

/** In a search: rings as soon as the witnesses have seen what nothing can make good any more. */
export function watch(world: World): Disposable {
  const { alarm, name } = world.plan;
  const timer = setInterval(look, LOOK_MS);

  function look(): void {
    const finding = startFinding();
    checkPace(world, finding);
    checkMarks(world.slack.posts, finding);
    const [violation] = finding.violations;
    if (violation) alarm?.ring(name, violation);
  }

  if (!alarm) clearInterval(timer);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
