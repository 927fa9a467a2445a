/** Who asks where: channels of customers' workspaces, and a few people in each. */
export type Asker = { teamId: string; channelId: string; userId: string };

export const HOME = "T0HOME";
export const AGENTS_CHANNEL = "C0AGENTS";
const WORKSPACES = 10;
const PEOPLE = 5;

export function workspaces(): string[] {
  return Array.from({ length: WORKSPACES }, (_, n) => `T0LOAD${n}`);
}

/** The one who files the `n`th ticket: the channels take turns, so that each is asked in at an even pace. */
export function askerOf(n: number, channels: number): Asker {
  const channel = n % channels;
  const person = Math.floor(n / channels) % PEOPLE;
  return {
    teamId: `T0LOAD${channel % WORKSPACES}`,
    channelId: `C0LOAD${channel}`,
    userId: `U0LOAD${channel}P${person}`,
  };
}
