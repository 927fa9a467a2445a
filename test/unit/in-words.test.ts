import { expect, it } from "vitest";
import { placeOf } from "#cli/place.ts";
import { inWords } from "#db/in-words.ts";

const url = "postgres://me:word@db:5432/deskline";

it("says of a folder that cannot be made where nothing can be written: it may be read-only", () => {
  const refused = Object.assign(new Error("ENOENT: no such file or directory, mkdir '/data/db'"), {
    code: "ENOENT",
    syscall: "mkdir",
  });

  expect(String(inWords(refused, { folder: "/data/db" }))).toMatch(
    /The data folder \/data\/db cannot be written: its file system may be read-only\./,
  );
});

it("knows a full disk that PostgreSQL meets at the first connection", () => {
  const refused = Object.assign(new Error("could not write init file"), { code: "XX000" });

  expect(String(inWords(refused, { url }))).toMatch(
    /The disk of the database at db:5432 is full\./,
  );
});

it("leaves what it does not know as it is", () => {
  const bug = new TypeError("x is not a function");

  expect(inWords(bug, { url })).toBe(bug);
});

it("takes a % for itself where it begins no escape", () => {
  expect(placeOf(new URL("postgres://me:word@db/50%E4"))).toBe("db:5432/50%E4");
});
