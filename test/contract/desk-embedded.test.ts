import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Problem } from "#errors.ts";
import {
  createEmbeddedDatabase,
  createTestDatabase,
  type TestDatabase,
} from "../support/database.ts";
import { deskContract } from "./desk.contract.ts";
import { type DeskClaim, deskClaims } from "./desk-claims.ts";
import { openEmbeddedWorld } from "./desk-embedded-world.ts";
import { type DeskWorld, file, someComment, someTicket, soon } from "./desk-world.ts";

/** PGlite has one connection: nobody else can hold a lock. */
const NEEDS_TWO_CONNECTIONS: DeskClaim[] = [
  "says later when it is busy, with the wait it was told",
  "lets go at the signal when it hangs",
];

describe("on PostgreSQL", () => {
  const openWorld = worldsIn(createTestDatabase);

  deskContract(openWorld);

  it("lets nobody change another account's ticket", async () => {
    await using world = await openWorld();
    const ticket = await file(world.desk);

    const foreign = { ...ticket, accountId: "other" };
    const change = world.desk.change(foreign, someComment("hello"), soon());

    await expect(change).rejects.toBeInstanceOf(Problem);
    expect((await world.held())[0]?.changes).toEqual([]);
  });

  it("does not give a ticket to an account that guesses its id", async () => {
    await using world = await openWorld();
    const ticket = someTicket();
    await world.desk.create(ticket, soon());

    const foreign = world.desk.create({ ...ticket, accountId: "other" }, soon());

    await expect(foreign).rejects.toBeInstanceOf(Problem);
  });

  it("refuses what its record can never hold", async () => {
    await using world = await openWorld();

    const impossible = world.desk.create(someTicket({ subject: "NUL \0" }), soon());

    await expect(impossible).rejects.toBeInstanceOf(Problem);
  });
});

describe("on PGlite", () => {
  const openWorld = worldsIn(createEmbeddedDatabase);
  const claims = Object.entries(deskClaims).filter(
    ([name]) => !NEEDS_TWO_CONNECTIONS.some((claim) => claim === name),
  );

  it.each(claims)("%s", async (_name, check) => {
    await using world = await openWorld();
    await check(world);
  });
});

/** One database for the block, empty for each world. */
function worldsIn(create: () => Promise<TestDatabase>): () => Promise<DeskWorld> {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await create();
  });
  afterAll(() => database[Symbol.asyncDispose]());
  return () => openEmbeddedWorld(database.db);
}
