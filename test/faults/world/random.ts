import { chanceFrom } from "#simulator/chance.ts";

/** Draws that are the same for the same seed. */
export type Random = {
  /** Between both, both included. */
  int(from: number, to: number): number;
  chance(share: number): boolean;
  pick<T>(list: readonly T[]): T;
  shuffled<T>(list: readonly T[]): T[];
  /** Draws of its own, so that what one part does changes nothing for another. */
  fork(name: string): Random;
};

export function randomFrom(seed: number): Random {
  const next = chanceFrom(seed);
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    int,
    chance: (share) => next() < share,
    pick: <T>(list: readonly T[]) => list[int(0, list.length - 1)] as T, // within its bounds
    shuffled(list) {
      const left = [...list];
      return list.map(() => left.splice(int(0, left.length - 1), 1)[0] as (typeof left)[number]);
    },
    fork: (name) => randomFrom([...name].reduce((sum, char) => hash(sum, char), seed)),
  };
}

export function anySeed(): number {
  return Math.floor(Math.random() * 1_000_000);
}

function hash(sum: number, char: string): number {
  return (Math.imul(sum, 31) + (char.codePointAt(0) ?? 0)) >>> 0;
}
