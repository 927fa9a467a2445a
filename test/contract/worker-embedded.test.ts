import { describeWorker } from "./worker.contract.ts";
import { openOnPostgres } from "./worker-systems.ts";

describeWorker("the embedded worker on PostgreSQL", openOnPostgres);
