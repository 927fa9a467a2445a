import { tmpdir } from "node:os";
import { join } from "node:path";

/** Compiling is 40 % of what a start costs, and the suites start some 600 processes: each but the first finds it done. */
export const COMPILED = { NODE_COMPILE_CACHE: join(tmpdir(), "deskline-compiled") };
