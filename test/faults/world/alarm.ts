import { tellViolation, type Violation } from "../checks/violations.ts";

/** For a search (`--until-found`): the first thing that is wrong ends the suite. */
export type Alarm = {
  ring(world: string, violation: Violation): void;
  /** Whichever comes first: the suite's own verdict, or false. */
  orVerdict(verdict: Promise<boolean>): Promise<boolean>;
};

export function openAlarm(): Alarm {
  const rung = Promise.withResolvers<false>();
  let isRung = false;
  return {
    ring(world, violation) {
      if (isRung) return;
      isRung = true;
      console.log(tellViolation(world, violation));
      rung.resolve(false);
    },
    orVerdict: (verdict) => Promise.race([verdict, rung.promise]),
  };
}
