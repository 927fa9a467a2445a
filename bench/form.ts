import { choice, command, inTurn, median, post, quantile } from "./load.ts";
import type { Row } from "./rows.ts";
import { type Server, startServer } from "./start-server.ts";
import type { World } from "./world.ts";

const ROUNDS = 200;
let count = 0;

/** From Slack's request to the call that opens the new-ticket form, or draws it again after a choice. */
export async function benchForm(world: World): Promise<Row[]> {
  await using bare = await startServer("./servers/bare-form.ts", world.slack);
  await using deskline = await startServer("../src/main.ts", {
    ...world.deskline,
    DATABASE_URL: await world.freshDatabase(),
    DESKLINE_ROLE: "web",
  });
  const rounds = world.quick ? 20 : ROUNDS;
  const time = (server: Server, body: (mark: string) => string) => () =>
    untilShown(world, server, body);
  const open = (mark: string) => command("/ticket", mark);
  const measured = await inTurn(rounds, {
    bareOpen: time(bare, open),
    open: time(deskline, open),
    bareChange: time(bare, choice),
    change: time(deskline, choice),
  });
  const row = (what: string, ours: number[], floor: number[], atMost: number): Row => ({
    what,
    unit: "ms",
    ours: median(ours),
    p99: quantile(ours, 0.99),
    baseline: median(floor),
    goal: { atMost },
  });
  return [
    row("command → form opened", measured.open, measured.bareOpen, 1.3),
    row("choice → form drawn again", measured.change, measured.bareChange, 1.5),
  ];
}

async function untilShown(
  { outside }: World,
  server: Server,
  body: (mark: string) => string,
): Promise<number> {
  count += 1;
  const mark = `bench-${1_000_000 + count}`;
  const shown = outside.modalWith(mark);
  const began = performance.now();
  await post(server.url, body(mark));
  return (await shown) - began;
}
