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
const LOOK_MS = 5000; // no event tells of a mounted folder whose links are changed

type Needs = { db: Db; notices: Notices; log: Logger };

/**
 * The policy of DESKLINE_CONFIG, saved where SQL asks for it and read again when the file changes. A file with faults
 * does not start; one that has them later leaves in force what was.
 */
export async function openPolicy(
  file: string | undefined,
  { db, notices, log }: Needs,
): Promise<Disposable & { now: PolicyNow }> {
  await notices.clear(POLICY_NOTICE);
  if (!file) return { now: () => NO_POLICY, [Symbol.dispose]() {} };
  let seen: string | undefined = await readText(file);
  let current = policyIn(file, seen);
  await saveAccountsOf(db, current);

  async function look(path: string): Promise<void> {
    const text = await readText(path);
    if (text === seen) return;
    const changed = policyIn(path, text);
    await saveAccountsOf(db, changed);
    current = changed;
    seen = text;
    log.info({ file }, "the policy was read again");
    await notices.clear(POLICY_NOTICE);
  }
  async function onFault(err: unknown): Promise<void> {
    seen = undefined; // what did not come into force is tried again
    if (!(err instanceof SettingsProblem)) log.error({ err }, "the policy was not read again");
    else await notices.raise(POLICY_NOTICE, err.message).catch(onUnsaved);
  }
  const onUnsaved = (err: unknown) => log.error({ err }, "a notice was not saved");
  let isLooking = false;
  const looking = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    look(file)
      .catch(onFault)
      .finally(() => {
        isLooking = false;
      });
  }, LOOK_MS).unref();
  return { now: () => current, [Symbol.dispose]: () => clearInterval(looking) };
}

/** Throws SettingsProblem with all faults, each where it stands. */
export async function readPolicy(file: string): Promise<Policy> {
  return policyIn(file, await readText(file));
}

async function readText(file: string): Promise<string> {
  return readFile(file, "utf8").catch((cause: unknown) => {
    const code = (cause as NodeJS.ErrnoException).code ?? "no reason given";
    const why = code === "ENOENT" ? "there is no such file" : code;
    throw new SettingsProblem(`The policy file ${file} cannot be read: ${why}.`, { cause });
  });
}

function policyIn(file: string, text: string): Policy {
  const read = parsePolicy(text);
  if ("policy" in read) return read.policy;
  const lines = read.faults.map((fault) => faultLine(file, fault));
  throw new SettingsProblem(`The policy has faults:\n${lines.join("\n")}`);
}
