import { z } from "zod";
import type { Db } from "#db/connect.ts";
import { Problem, Refused, RetryLater } from "#errors.ts";
import { faultPoint } from "#fault-points.ts";
import { fenced, fetchFenced } from "#fence.ts";
import type { Run } from "#jobs/handlers.ts";
import { once } from "#jobs/once.ts";
import type { CallSlack } from "./clients.ts";
import { Disconnected, isGone } from "./failures.ts";
import { fetchFile, Unfit } from "./fetch-file.ts";
import {
  asGone,
  FileInfo,
  isSharedIn,
  messagesWith,
  mustBeTakable,
  nameOf,
  undefinedIfGone,
} from "./file-info.ts";
import { mediaTypeOf } from "./file-types.ts";
import type { FindInstallation } from "./installation.ts";
import type { Thread } from "./messenger.ts";

/** A file of Slack's, whole and looked at. */
export type SlackFile = {
  name: string;
  mediaType: string;
  size: number;
  sha256: string;
  bytes: Buffer;
};

/** What Slack says of it. */
export type FoundFile = { teamId: string; name: string; info: FileInfo };

export type Files = {
  /** Always by its id. Problem("file-refused") when it is not one that we pass on; the same of `fetch`. */
  find(at: { teamId: string; fileId: string }, how?: "quick"): Promise<FoundFile>;
  fetch(found: FoundFile, signal: AbortSignal): Promise<SlackFile>;
  /** Answers the id of a file that nobody sees until it is shared. */
  upload(
    by: Pick<Run, "signal" | "keepLease" | "mustHold">,
    teamId: string,
    file: Pick<SlackFile, "name" | "bytes">,
  ): Promise<string>;
  /** Once for this key. `comment` is mrkdwn. */
  share(
    run: Run,
    key: string,
    to: Thread,
    file: { fileId: string; comment: string },
  ): Promise<void>;
  /** One that the app uploaded, with the messages of this channel that share it. What is gone before, is gone. */
  remove(run: Run, at: { teamId: string; channelId: string; fileId: string }): Promise<void>;
  /** Refused unless what Slack keeps under this id is the same. */
  mustBeSame(
    at: { teamId: string; fileId: string },
    file: Pick<SlackFile, "size" | "sha256">,
    signal: AbortSignal,
  ): Promise<void>;
};

type Needs = {
  db: Db;
  callSlack: CallSlack;
  findInstallation: FindInstallation;
  /** Slack's file host. A token goes there and nowhere else. */
  filesUrl: string;
  timeoutMs: number;
};

const SLOW = 2; // so many times as long as another call: 10 MB take a while
const Shared = z.object({ fileId: z.string() });

export function createFiles({
  db,
  callSlack,
  findInstallation,
  filesUrl,
  timeoutMs,
}: Needs): Files {
  const origin = new URL(filesUrl).origin;

  async function look(teamId: string, fileId: string, how?: "quick"): Promise<FileInfo> {
    const answer = await callSlack(teamId, (client) => client.files.info({ file: fileId }), how);
    return FileInfo.parse(answer.file);
  }
  async function fetchKnown(teamId: string, info: FileInfo, signal: AbortSignal) {
    const installation = await findInstallation(teamId);
    if (!installation) throw new Disconnected();
    return fetchFile({
      url: info.url_private_download ?? info.url_private ?? "",
      token: installation.botToken,
      origin,
      size: info.size,
      signal: AbortSignal.any([signal, AbortSignal.timeout(SLOW * timeoutMs)]),
    });
  }
  async function post(url: string, bytes: Buffer, signal: AbortSignal): Promise<void> {
    if (URL.parse(url)?.origin !== origin)
      throw new Refused("Slack names another host to upload to");
    const limit = AbortSignal.any([signal, AbortSignal.timeout(SLOW * timeoutMs)]);
    const how = { method: "POST", body: new Uint8Array(bytes), redirect: "manual" } as const;
    const response = await fetchFenced(url, { ...how, signal: limit }).catch((cause: unknown) => {
      throw new RetryLater("Slack's file host did not take the file", { cause });
    });
    await response.body?.cancel();
    if (response.status === 200) return;
    throw new RetryLater(`Slack's file host answered ${response.status} to an upload`);
  }

  return {
    async find({ teamId, fileId }, how) {
      const info = await orRefused(fileId, () => look(teamId, fileId, how).catch(asGone));
      const name = nameOf(info);
      await orRefused(name, async () => mustBeTakable(info, name));
      return { teamId, name, info };
    },

    async fetch({ teamId, name, info }, signal) {
      const fetched = await orRefused(name, () => fetchKnown(teamId, info, signal));
      const mediaType = await mediaTypeOf(fetched.bytes, info.mimetype ?? "");
      if (!mediaType) throw new Problem("file-refused", { name, why: "forbidden-type" });
      return { name, mediaType, size: fetched.bytes.length, ...fetched };
    },

    async upload(by, teamId, { name, bytes }) {
      const length = bytes.length;
      const expected = await callSlack(teamId, (client) =>
        client.files.getUploadURLExternal({ filename: name, length }),
      );
      await by.keepLease();
      await faultPoint("upload.before-send");
      await fenced(by.mustHold, () => post(expected.upload_url ?? "", bytes, by.signal));
      await faultPoint("upload.after-send");
      return z.string().parse(expected.file_id);
    },

    async share(run, key, { teamId, channelId, threadTs = "" }, { fileId, comment }) {
      await once<typeof Shared>({ db, run }, key, {
        reference: Shared,
        async lookUp() {
          const info = await look(teamId, fileId).catch(undefinedIfGone);
          return info && isSharedIn(info, channelId) ? { fileId } : undefined;
        },
        async send() {
          await callSlack(teamId, (client) =>
            client.files.completeUploadExternal({
              files: [{ id: fileId }],
              channel_id: channelId,
              thread_ts: threadTs,
              initial_comment: comment,
            }),
          );
          return { fileId };
        },
      });
    },

    async remove(run, { teamId, channelId: channel, fileId: file }) {
      const info = await look(teamId, file).catch(undefinedIfGone);
      if (!info) return;
      await run.keepLease();
      await faultPoint("delete-file.before-send");
      await fenced(run.mustHold, async () => {
        for (const ts of messagesWith(info, channel)) {
          await callSlack<unknown>(teamId, (client) => client.chat.delete({ channel, ts })).catch(
            orMessageGone,
          );
        }
        await callSlack<unknown>(teamId, (client) => client.files.delete({ file })).catch(
          undefinedIfGone,
        );
      });
      await faultPoint("delete-file.after-send");
    },

    async mustBeSame({ teamId, fileId }, { size, sha256 }, signal) {
      const info = await look(teamId, fileId);
      const kept = await fetchKnown(teamId, { ...info, size }, signal).catch(asChanged);
      if (kept.sha256 !== sha256) throw new Refused("Slack keeps another file than we sent");
    },
  };
}

async function orRefused<T>(name: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (!(cause instanceof Unfit)) throw cause;
    throw new Problem("file-refused", { name, why: cause.why }, { cause });
  }
}

function orMessageGone(error: unknown): void {
  if (!isGone(error)) throw error;
}

function asChanged(cause: unknown): never {
  if (!(cause instanceof Unfit)) throw cause;
  throw new Refused("Slack keeps another file than we sent", { cause });
}
