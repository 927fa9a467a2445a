import { unwatchFile, watchFile } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Logger } from "pino";
import { SettingsProblem } from "#config.ts";
import type { Db } from "#db/connect.ts";
import type { Notices } from "#db/notices.ts";
import { NO_POLICY, type Policy } from "./policy.ts";
import { faultLine, parsePolicy } from "./policy-yaml.ts";
import { saveAccountsOf } from "./store-policy.ts";

/** What is in force now: asked at each use, for the file may have been changed a moment ago. */
export type PolicyNow = () => Policy;

// Of a changed file with faults, until it has none.
const POLICY_NOTICE = "policy-faulty";
const LOOK_MS = 5000; // also through a mounted folder whose links are changed, of which no event tells

type Needs = { db: Db; notices: Notices; log: Logger };

/**
 * The policy of DESKLINE_CONFIG, saved where SQL asks for it and read again when the file changes. A file with faults
 * does not start; one that has them later leaves in force what was.
 */
export async function openPolicy(
  file: string | undefined,
  { db, notices, log }: Needs,
): Promise<Disposable & { now: PolicyNow }> {
  if (!file) return { now: () => NO_POLICY, [Symbol.dispose]() {} };
  let current = await readPolicy(file);
  await saveAccountsOf(db, current);
  await notices.clear(POLICY_NOTICE);

  async function readAgain(path: string): Promise<void> {
    try {
      const changed = await readPolicy(path);
      await saveAccountsOf(db, changed);
      current = changed;
      log.info({ file }, "the policy was read again");
      await notices.clear(POLICY_NOTICE);
    } catch (error) {
      if (!(error instanceof SettingsProblem)) throw error;
      await notices.raise(POLICY_NOTICE, error.message);
    }
  }
  const onChange = () => {
    readAgain(file).catch((err: unknown) => log.error({ err }, "the policy was not read again"));
  };
  watchFile(file, { interval: LOOK_MS, persistent: false }, onChange);
  return {
    now: () => current,
    [Symbol.dispose]: () => unwatchFile(file, onChange),
  };
}

/** Throws SettingsProblem with all faults, each where it stands. */
export async function readPolicy(file: string): Promise<Policy> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new SettingsProblem(`The policy ${file} cannot be read (DESKLINE_CONFIG).`, { cause });
  });
  const read = parsePolicy(text);
  if ("policy" in read) return read.policy;
  const lines = read.faults.map((fault) => faultLine(file, fault));
  throw new SettingsProblem(`The policy has faults:\n${lines.join("\n")}`);
}
