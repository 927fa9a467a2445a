import type { World } from "../world/world.ts";

/** A ticket as the people remember it. */
export type Known = {
  token: string;
  requester: string;
  number: string;
  status: "new" | "open" | "pending" | "solved";
  isTaken?: boolean;
  /** Of a visitor of the web form: where their page is. Such a ticket has no place in Slack but the agents' channel. */
  page?: string;
};

/** The people of a world: what they know of their tickets, and that nobody does two things at once. */
export type Town = {
  world: World;
  tickets: Known[];
  /** As the admin was told last. */
  isAccessOn: boolean;
  /** What has begun and is not there yet. */
  pending: Set<Promise<unknown>>;
  begin(doing: Promise<unknown>): void;
  /** One after the other for each name: a person, a ticket. */
  alone<T>(names: string[], act: () => Promise<T>): Promise<T>;
  isBusy(name: string): boolean;
};

export const REQUESTERS = ["U0HANA", "U0TOM", "U0DANA"] as const;
export const AGENT_PEOPLE = ["U0AKI", "U0BEN"] as const;
export const HELP = "C0ACMEHELP";
export const GENERAL = "C0ACMEGEN";
/** The app is not in it: a card goes to the person's DM. */
export const RANDOM = "C0ACMERANDOM";

export function openTown(world: World): Town {
  const tails = new Map<string, Promise<unknown>>();
  const pending = new Set<Promise<unknown>>();

  return {
    world,
    tickets: [],
    isAccessOn: false,
    pending,
    begin(doing) {
      pending.add(doing);
      doing.finally(() => pending.delete(doing)).catch(() => {}); // said by whoever waits for all
    },
    isBusy: (name) => tails.has(name),
    alone(names, act) {
      const before = Promise.allSettled(names.map((name) => tails.get(name)));
      const work = before.then(act);
      const tail = work.catch(() => {});
      for (const name of names) tails.set(name, tail);
      void tail.then(() => {
        for (const name of names) if (tails.get(name) === tail) tails.delete(name);
      });
      return work;
    },
  };
}
