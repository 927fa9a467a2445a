import { memoryDeskWithFiles } from "../support/memory-desk.ts";
import { deskContract, fileDeskContract } from "./desk.contract.ts";
import { openMemoryWorld } from "./desk-memory-world.ts";

deskContract(() => openMemoryWorld());
fileDeskContract(() => openMemoryWorld(memoryDeskWithFiles));
