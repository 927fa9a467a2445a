import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const TMPFS = ["unshare", "--map-root-user", "--mount", "sh", "-c"];

/**
 * How to run a Node program in whose eyes the disk of `folder` is full: a tiny disk of its own there where one may
 * mount, else a Node whose writes are refused.
 */
export async function onFullDisk(folder: string) {
  const mount = `mount -t tmpfs -o size=4m tmpfs '${folder}'`;
  const [command = "", ...args] = TMPFS;
  const mayMount = await run(command, [...args, mount]).then(
    () => true,
    () => false,
  );
  if (mayMount) return { under: [...TMPFS, `${mount} && exec "$@"`, "sh"] };
  return { nodeOptions: ["--import", `data:text/javascript,${encodeURIComponent(REFUSED)}`] };
}

const REFUSED = `
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
const refuse = () => { throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC", errno: -28 }) };
fs.writeSync = refuse;
fs.writeFileSync = refuse;
syncBuiltinESMExports();`;
