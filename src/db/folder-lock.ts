import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { CannotStart } from "#errors.ts";

const BUSY = 5; // SQLITE_BUSY

/**
 * Two processes on one PGlite folder destroy it without a word, and a pid file lies in a container
 * (pid 1 always lives). An exclusive SQLite lock is the kernel's: gone with the process, however it ends.
 * It lies inside the folder, where a second container with the same volume finds it too.
 */
export function lockFolder(folder: string, setting = "DESKLINE_DATA"): Disposable {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(folder, "lock"));
  try {
    lock.exec("pragma busy_timeout = 0; pragma locking_mode = exclusive; begin exclusive");
  } catch (cause) {
    lock.close();
    throw isBusy(cause) ? inUse({ folder, setting }, cause) : cause;
  }
  return {
    [Symbol.dispose]() {
      if (lock.isOpen) lock.close();
    },
  };
}

function inUse(
  { folder, setting }: { folder: string; setting: string },
  cause: unknown,
): CannotStart {
  return new CannotStart(
    `Another Deskline is using the data folder ${folder}. Stop it first, or set ${setting} to another folder.`,
    { cause },
  );
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === BUSY;
}
