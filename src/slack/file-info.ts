import { z } from "zod";
import { SlackRefused } from "./failures.ts";
import { mustFit, Unfit } from "./fetch-file.ts";
import { isForbiddenName } from "./file-types.ts";
import { oneLine } from "./mrkdwn.ts";

const NAME = 150;
const GONE = ["file_not_found", "file_deleted", "not_visible"];

/** What we read of files.info. */
export const FileInfo = z.object({
  id: z.string(),
  name: z.string().nullish(),
  size: z.number().optional(),
  mimetype: z.string().optional(),
  mode: z.string().optional(),
  is_external: z.boolean().optional(),
  file_access: z.string().optional(),
  url_private: z.string().optional(),
  url_private_download: z.string().optional(),
  shares: z
    .record(z.string(), z.record(z.string(), z.array(z.object({ ts: z.string().optional() }))))
    .optional(),
});
export type FileInfo = z.output<typeof FileInfo>;

/** What files.info says is enough to refuse it. */
export function mustBeTakable(info: FileInfo, name: string): void {
  const { mode, size, url_private_download, url_private } = info;
  if (mode === "tombstone" || mode === "hidden_by_limit") throw new Unfit("gone", mode);
  const isOutside = info.is_external || mode === "external";
  const isClosed = info.file_access === "check_file_info" || info.file_access === "access_denied";
  if (isOutside || isClosed || !(url_private_download ?? url_private)) {
    throw new Unfit("elsewhere", `${mode}, ${info.file_access}`);
  }
  if (size !== undefined) mustFit(size, undefined);
  if (isForbiddenName(name)) throw new Unfit("forbidden-type", "by its name");
}

/** One line without a path in it; its end, which says what it is, is not cut off. */
export function nameOf({ id, name }: { id: string; name?: string | null | undefined }): string {
  const plain = (name ?? "").toWellFormed().replaceAll(/\p{Cc}/gu, " "); // PostgreSQL keeps no NUL
  const last = oneLine(plain.split(/[\\/]/).at(-1) ?? "", 1000);
  if (last.length <= NAME) return last || id;
  const end = /\.\w{1,10}$/.exec(last)?.[0] ?? "";
  return `${oneLine(last, NAME - end.length)}${end}`;
}

export function asGone(error: unknown): never {
  if (!isFileGone(error)) throw error;
  throw new Unfit("gone", error.code);
}

export function undefinedIfGone(error: unknown): undefined {
  if (!isFileGone(error)) throw error;
}

/** Slack has no such file, or none that this token sees. */
export function isFileGone(error: unknown): error is SlackRefused {
  return error instanceof SlackRefused && GONE.includes(error.code);
}

/** The messages of a channel that it was shared with. */
export function messagesWith({ shares = {} }: FileInfo, channelId: string): string[] {
  return Object.values(shares)
    .flatMap((channels) => channels[channelId] ?? [])
    .flatMap(({ ts }) => ts ?? []);
}

export function isSharedIn({ shares = {} }: FileInfo, channelId: string): boolean {
  return Object.values(shares).some((channels) => channels[channelId]);
}
