import { describe, it } from "vitest";
import { deskClaims } from "./desk-claims.ts";
import { fileClaims } from "./desk-file-claims.ts";
import { httpClaims } from "./desk-http-claims.ts";
import { newsClaims } from "./desk-news-claims.ts";
import type { DeskWorld, FileDeskWorld, HttpDeskWorld, TellingDeskWorld } from "./desk-world.ts";

const PATIENT_MS = 30_000; // ten megabytes take a while on a busy machine

/** Every desk runs this. A desk is finished when it passes. */
export function deskContract(openWorld: () => Promise<DeskWorld>): void {
  describe("every desk", () => runClaims(deskClaims, openWorld));
}

/** A desk that is reached over HTTP runs this too. */
export function httpDeskContract(openWorld: () => Promise<HttpDeskWorld>): void {
  describe("a desk over HTTP", () => runClaims(httpClaims, openWorld));
}

/** A desk with `receive` runs this too. */
export function tellingDeskContract(openWorld: () => Promise<TellingDeskWorld>): void {
  describe("a desk that tells us its changes", () => runClaims(newsClaims, openWorld));
}

/** A desk with `attach` runs this too. */
export function fileDeskContract(openWorld: () => Promise<FileDeskWorld>): void {
  describe("a desk that takes files", () => runClaims(fileClaims, openWorld));
}

function runClaims<W extends AsyncDisposable>(
  claims: Record<string, (world: W) => Promise<void>>,
  openWorld: () => Promise<W>,
): void {
  it.each(Object.entries(claims))(
    "%s",
    async (_name, check) => {
      await using world = await openWorld();
      await check(world);
    },
    PATIENT_MS,
  );
}
