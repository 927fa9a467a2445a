import { accessSync, constants, mkdirSync, statSync } from "node:fs";
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
  accessSync(folder, constants.W_OK); // SQLite says the same of a user who may not, and of a read-only file system
  const file = join(folder, "lock");
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory())
    throw new Error(`${file} is a folder`);
  const lock = new DatabaseSync(file);
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
