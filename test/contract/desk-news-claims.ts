import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { type DeskDelivery, NotFromDesk, type RawDelivery } from "#desk/desk.ts";
import type { News, TellingDeskWorld } from "./desk-world.ts";

export const newsClaims = {
  "reads a comment": async (world) => {
    const body = "再起動してください <!channel>\n 👍";
    const news = { kind: "comment", ticketId: randomUUID(), author: "Aki 亜紀", body } as const;

    expect(receive(world, news)).toMatchObject(news);
  },

  "reads a solution and its end": async (world) => {
    for (const kind of ["solved", "reopened"] as const) {
      const news = { kind, ticketId: randomUUID(), author: "Aki" };

      expect(receive(world, news)).toMatchObject(news);
    }
  },

  "knows its own change when the desk tells it back": async (world) => {
    const news = { kind: "echo", ticketId: randomUUID(), changeId: `dl_${randomUUID()}` } as const;

    expect(receive(world, news)).toMatchObject({ kind: "echo" });
  },

  "gives every delivery an id that a repeat has too": async (world) => {
    const one = world.tell({ kind: "solved", ticketId: randomUUID(), author: "Aki" });
    const other = world.tell({ kind: "solved", ticketId: randomUUID(), author: "Aki" });

    const ids = [one, one, other].map((delivery) => read(world, delivery).deliveryId);

    expect(ids[0]).toMatch(/\S/);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  },

  "does not believe what the desk did not sign": async (world) => {
    const comment = { kind: "comment", author: "Aki", body: "hello" } as const;
    const { headers, body } = world.tell({ ...comment, ticketId: randomUUID() });
    const other = world.tell({ ...comment, ticketId: randomUUID() });

    for (const forged of [
      { headers, body: `${body} ` },
      { headers, body: other.body },
      { headers: {}, body },
      { headers, body: "" },
    ]) {
      expect(() => read(world, forged)).toThrow(NotFromDesk);
    }
  },
} satisfies Record<string, (world: TellingDeskWorld) => Promise<void>>;

function receive(world: TellingDeskWorld, news: News): DeskDelivery {
  return read(world, world.tell(news));
}

function read({ desk }: TellingDeskWorld, delivery: RawDelivery): DeskDelivery {
  if (!desk.receive) throw new Error(`the ${desk.name} desk has no receive`);
  return desk.receive(delivery);
}
