import { describe, expect, it } from "vitest";
import { createNames } from "#db/prepared.ts";

describe("which statements are prepared", () => {
  it("names a text from its second use on, always the same", () => {
    const nameOf = createNames();

    const names = [1, 2, 3].map(() => nameOf("select id from job where id = $1"));

    expect(names).toEqual([undefined, "deskline_1", "deskline_1"]);
  });

  it("gives different texts different names", () => {
    const nameOf = createNames();
    const twice = (text: string) => [nameOf(text), nameOf(text)][1];

    expect(twice("select 1 where $1")).not.toBe(twice("select 2 where $1"));
  });

  it.each([
    "select * from ticket where id = $1",
    "update ticket set version = $1 returning *",
    'select "ticket".* from "ticket" where id = $1',
    "select\n  * from ticket where id = $1",
  ])("leaves a text alone whose columns a migration may change: %s", (text) => {
    const nameOf = createNames();

    expect([nameOf(text), nameOf(text), nameOf(text)]).toEqual([undefined, undefined, undefined]);
  });

  it("names a text that multiplies", () => {
    const nameOf = createNames();
    const text = "select $1::float8 * 1000 as ms";

    expect([nameOf(text), nameOf(text)][1]).toBe("deskline_1");
  });

  it("stops at 200 texts, so that texts made up anew each time fill no server's memory", () => {
    const nameOf = createNames();
    for (let i = 0; i < 300; i += 1) nameOf(`select ${i} where $1`);

    expect(nameOf("select 299 where $1")).toBeUndefined();
    expect(nameOf("select 10 where $1")).toBe("deskline_1");
  });
});
