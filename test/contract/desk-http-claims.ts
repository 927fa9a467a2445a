import { expect } from "vitest";
import { RetryLater } from "#errors.ts";
import { expectHeld, type HttpDeskWorld, someTicket, soon } from "./desk-world.ts";

export const httpClaims = {
  "does not take a sign-in page for success": (world) => expectLater(world, "html"),
  "does not take an endless answer for success": (world) => expectLater(world, "huge"),
  "does not follow a redirect": (world) => expectLater(world, "redirect"),
  "says later when the desk is broken": (world) => expectLater(world, "down"),

  "says later, and why, when our credentials are not accepted": async (world) => {
    await world.failNext("unauthorized");

    await expect(world.desk.create(someTicket(), soon())).rejects.toThrow(/credentials/);
    await expectFiledLater(world);
  },
} satisfies Record<string, (world: HttpDeskWorld) => Promise<void>>;

type Fault = Parameters<HttpDeskWorld["failNext"]>[0];

async function expectLater(world: HttpDeskWorld, fault: Fault): Promise<void> {
  await world.failNext(fault);

  await expect(world.desk.create(someTicket(), soon())).rejects.toBeInstanceOf(RetryLater);
  await expectFiledLater(world);
}

/** Nothing was filed by the failure, and nothing is left of it. */
async function expectFiledLater(world: HttpDeskWorld): Promise<void> {
  await expectHeld(world, []);
  const ticket = someTicket();
  await world.desk.create(ticket, soon());
  await expectHeld(world, [{ ticket, changes: [] }]);
}
