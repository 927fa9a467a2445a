import { describe } from "vitest";
import {
  deskContract,
  fileDeskContract,
  httpDeskContract,
  tellingDeskContract,
} from "./desk.contract.ts";
import { openNockWorld, openServedWorld } from "./desk-http-worlds.ts";

describe.each([
  ["under nock", openNockWorld],
  ["on a real socket", () => openServedWorld()],
])("%s", (_where, openWorld) => {
  deskContract(openWorld);
  httpDeskContract(openWorld);
  tellingDeskContract(openWorld);
  fileDeskContract(openWorld);
});
