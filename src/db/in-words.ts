import { CannotStart } from "#errors.ts";

/** A PostgreSQL server, or the folder of the embedded database. */
export type Place = ({ url: string } | { folder: string }) & {
  /** What names it, when that is not DATABASE_URL or DESKLINE_DATA: an option of `move`. */
  namedBy?: string | undefined;
};

/** What is wrong with the database at the start, in a sentence for the operator. What nobody foresaw comes back as it is. */
export function inWords(error: unknown, place: Place): unknown {
  if (error instanceof CannotStart) return error;
  const code = codeOf(error);
  const sentence =
    "url" in place
      ? aboutServer(code, partsOf(place.url), place.namedBy)
      : aboutFolder(code, place.folder, place.namedBy);
  return sentence ? new CannotStart(sentence, { cause: error }) : error;
}

/** As `inWords`, for what went wrong while a database was opened: what nobody foresaw gives its reason in a sentence, too. */
export function whyNotOpen(error: unknown, place: Place): unknown {
  const known = inWords(error, place);
  if (known instanceof CannotStart) return known;
  const reason = error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
  return new CannotStart(unforeseen(codeOf(error), reason, place), { cause: error });
}

/** 42 is PostgreSQL's class of what is there already, or not as a statement expects it. */
function unforeseen(code: string, reason: string, place: Place): string {
  const { namedBy } = place;
  if ("folder" in place)
    return `The embedded database in ${place.folder} cannot be opened: ${reason}. Put a backup in its place, or set ${namedBy ?? "DESKLINE_DATA"} to another folder.`;
  const { host, name } = partsOf(place.url);
  if (code.startsWith("42"))
    return `The database "${name}" at ${host} has tables of something else: ${reason}. Give Deskline a database of its own.`;
  return `The database at ${host} cannot be opened: ${reason}. Mend that, or correct ${namedBy ?? "DATABASE_URL"}.`;
}

/** PostgreSQL's five characters, Node's name or SQLite's number; drivers put some faults into words only. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if ("errcode" in error) return `SQLITE_${error.errcode}`;
  if (UNSAID.test(error.message)) return "53100";
  if (isNoFolder(error)) return "EROFS";
  if ("code" in error && error.code) return String(error.code);
  if (/SSL/.test(error.message)) return "ETLS";
  return SILENT.test(error.message) ? "ETIMEDOUT" : "";
}

/** Node's recursive mkdir says this where the file system is read-only. */
function isNoFolder(error: Error): boolean {
  return "syscall" in error && error.syscall === "mkdir" && /^ENOENT/.test(error.message);
}

const UNSAID = /could not write init file/; // a full disk at the first connection, with the code of a bug
const SILENT = /timeout|Connection terminated/;
const UNREACHABLE = /^(ECONN|ENOTFOUND|ETIMEDOUT|EHOST|ENET|EAI_|EPIPE|08...$|57P0.$|53300$)/;
const UNTRUSTED = /^(ETLS$|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|CERT_)/;

type Parts = { host: string; name: string; user: string };

/** The address without the password. */
function partsOf(address: string): Parts {
  const url = new URL(address);
  return {
    host: url.host || "the local socket",
    name: decoded(url.pathname.slice(1)),
    user: decoded(url.username),
  };
}

/** As it is, where a "%" in it begins no escape. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function aboutServer(
  code: string,
  { host, name, user }: Parts,
  setting = "DATABASE_URL",
): string | undefined {
  if (UNREACHABLE.test(code))
    return `The database at ${host} cannot be reached (${code}). Start it, or correct ${setting}.`;
  if (UNTRUSTED.test(code))
    return `The database at ${host} and Deskline do not agree on an encrypted connection (${code}). See "sslmode" in ${setting}.`;
  if (code.startsWith("28"))
    return `The database at ${host} refuses the user "${user}" or its password (${code}). Correct ${setting}.`;
  if (code === "3D000")
    return `There is no database "${name}" at ${host}. Create it with \`createdb ${name}\`, or correct ${setting}.`;
  if (code === "42501")
    return `The user "${user}" may not make tables in the database "${name}" at ${host}. Make it the owner of the database.`;
  if (code === "25006")
    return `The database "${name}" at ${host} is read-only. Lead ${setting} to the primary server, or end its read-only mode.`;
  if (code === "53100")
    return `The disk of the database at ${host} is full. Make room; nothing was lost.`;
  return undefined;
}

/** 14, 8, 13 and 10 are SQLite's CANTOPEN, READONLY, FULL and IOERR: its lock is the first file in the folder. */
function aboutFolder(code: string, folder: string, setting = "DESKLINE_DATA"): string | undefined {
  if (code === "EROFS")
    return `The data folder ${folder} cannot be written: its file system may be read-only. Let it be written, or set ${setting} to another folder.`;
  if (/^(EACCES|EPERM|SQLITE_14|SQLITE_8)$/.test(code))
    return `The data folder ${folder} cannot be written${byWhom()}. Give it to that user, or set ${setting} to another folder.`;
  if (/^(ENOTDIR|EEXIST)$/.test(code))
    return `The data folder ${folder} is not a folder. Move what is there, or set ${setting} to another one.`;
  if (/^(ENOSPC|EDQUOT|53100|SQLITE_13|SQLITE_10)$/.test(code))
    return `The disk of the data folder ${folder} is full. Make room; nothing was lost.`;
  return undefined;
}

function byWhom(): string {
  const uid = process.getuid?.();
  return uid === undefined ? "" : ` by user ${uid}, as whom this runs`;
}
