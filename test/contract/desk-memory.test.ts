import { deskContract } from "./desk.contract.ts";
import { openMemoryWorld } from "./desk-memory-world.ts";

deskContract(() => openMemoryWorld());
