import { describeWorker } from "./worker.contract.ts";
import { openOnPGlite } from "./worker-systems.ts";

describeWorker("the embedded worker on PGlite", openOnPGlite);
