import { onFaultPoint } from "#fault-points.ts";

/** Loaded before a program: kills it without warning when it comes to `STRIKE_AT` for the `STRIKE_TIMES`th time. */
const point = process.env.STRIKE_AT;
let left = Number(process.env.STRIKE_TIMES ?? 1);

onFaultPoint(async (at) => {
  if (at === point && --left === 0) process.kill(process.pid, "SIGKILL");
});
