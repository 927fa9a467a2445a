import { describeWorker } from "./worker.contract.ts";
import { openOnRedis } from "./worker-systems.ts";

describeWorker("the BullMQ worker", () => openOnRedis(1));
