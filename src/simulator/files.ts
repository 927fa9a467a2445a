import { extname } from "node:path";
import { newId, newSecret } from "./ids.ts";
import type { Install, Message, Person, SimFile } from "./records.ts";
import { appIsIn, teamsOf } from "./see.ts";
import type { Sim } from "./sim.ts";
import type { World } from "./world.ts";

/** Slack takes more; a page on one machine needs no more. */
export const MAX_UPLOAD = 25_000_000;

const TYPES: Record<string, string> = {
  csv: "text/csv",
  gif: "image/gif",
  html: "text/html",
  jpg: "image/jpeg",
  json: "application/json",
  log: "text/plain",
  pdf: "application/pdf",
  png: "image/png",
  txt: "text/plain",
  zip: "application/zip",
};

/** What a person has chosen: nobody else sees it before it is sent. */
export function keepFile(
  sim: Sim,
  owner: Pick<Person, "id" | "teamId">,
  { name, bytes }: { name: string; bytes: Uint8Array },
): SimFile {
  return putFile(sim, {
    teamId: owner.teamId,
    userId: owner.id,
    name: name || "file",
    size: bytes.byteLength,
    bytes,
  });
}

/** The place for what an app is about to send; a file only once it is completed. */
export function expectFile(
  sim: Sim,
  install: Install,
  { name, size }: { name: string; size: number },
): { file: SimFile; uploadUrl: string } {
  const uploadKey = newSecret(24);
  const file = putFile(sim, {
    teamId: install.teamId,
    userId: install.botUserId,
    name,
    size,
    uploadKey,
  });
  return { file, uploadUrl: `${sim.origin}/upload/v1/${uploadKey}` };
}

function putFile(
  sim: Sim,
  {
    bytes,
    ...known
  }: Pick<SimFile, "teamId" | "userId" | "name" | "size"> & {
    uploadKey?: string;
    bytes?: Uint8Array;
  },
): SimFile {
  const file: SimFile = {
    id: newId("F", 10),
    filetype: extname(known.name).slice(1).toLowerCase() || "binary",
    mimetype: TYPES[extname(known.name).slice(1).toLowerCase()] ?? "application/octet-stream",
    mode: "hosted",
    createdAt: Math.floor(Date.now() / 1000),
    shares: [],
    ...known,
  };
  sim.world.files.put(file.id, file);
  if (bytes) keepBytes(sim, file, bytes);
  return file;
}

export function keepBytes(sim: Sim, { id }: Pick<SimFile, "id">, bytes: Uint8Array): void {
  sim.world.fileBytes.put(id, { base64: Buffer.from(bytes).toString("base64") });
}

export function bytesOf(sim: Sim, { id }: Pick<SimFile, "id">): Buffer | undefined {
  const kept = sim.world.fileBytes.get(id);
  return kept && Buffer.from(kept.base64, "base64");
}

/** It is now where the message is. */
export function share(sim: Sim, { channel, ts, threadTs, fileIds = [] }: Message): void {
  for (const id of fileIds) {
    const file = sim.world.files.get(id);
    if (!file) continue;
    const shares = [...file.shares, { channel, ts, ...(threadTs && { threadTs }) }];
    sim.world.files.put(id, { ...file, shares });
  }
}

/** An app sees what its workspace's people gave it in a modal, and what is shared where it is. */
export function appSees(world: World, install: Install, file: SimFile): boolean {
  if (file.userId === install.botUserId) return true;
  const channels = file.shares.flatMap(({ channel }) => world.channels.get(channel) ?? []);
  if (channels.length === 0) return file.teamId === install.teamId;
  return channels.some(
    (channel) =>
      teamsOf(channel).includes(install.teamId) && appIsIn(world, channel, install.teamId),
  );
}

/** Of what somebody of another workspace has shared Slack shows no more than the id. */
export function filesInMessage(world: World, message: Message): Record<string, unknown>[] {
  const home = world.channels.get(message.channel)?.teamId;
  return (message.fileIds ?? []).flatMap((id) => {
    const file = world.files.get(id);
    if (!file) return [];
    if (file.teamId === home || file.mode === "deleted") return [fileJson(world, file)];
    return [{ id, mode: "file_access", file_access: "check_file_info" }];
  });
}

export function fileJson(world: World, file: SimFile): Record<string, unknown> {
  const { id, teamId, userId, name, size, mimetype, filetype, mode, createdAt } = file;
  if (mode === "tombstone" || mode === "deleted") return { id, mode: "tombstone", name: null };
  if (mode === "file_access") return { id, mode, file_access: "check_file_info" };
  const path = `${world.origin}/files-pri/${teamId}-${id}`;
  const url = mode === "external" ? `https://files.elsewhere.example/${id}` : path;
  return {
    id,
    created: createdAt,
    timestamp: createdAt,
    name,
    title: name,
    mimetype,
    filetype,
    pretty_type: filetype.toUpperCase(),
    user: userId,
    user_team: teamId,
    editable: false,
    size,
    mode,
    is_external: mode === "external",
    external_type: "",
    is_public: false,
    public_url_shared: false,
    display_as_bot: false,
    username: "",
    url_private: `${url}/${encodeURIComponent(name)}`,
    ...(mode !== "external" && {
      url_private_download: `${path}/download/${encodeURIComponent(name)}`,
    }),
    ...sharesJson(world, file),
    file_access: "visible",
  };
}

function sharesJson(world: World, { shares }: SimFile) {
  const inside = (kind: "public" | "private") =>
    shares.filter(({ channel }) => {
      const isPublic = world.channels.get(channel)?.kind === "channel";
      return isPublic === (kind === "public");
    });
  const listed = (kind: "public" | "private") =>
    Object.fromEntries(
      inside(kind).map(({ channel, ts, threadTs }) => [
        channel,
        [{ ts, ...(threadTs && { thread_ts: threadTs }) }],
      ]),
    );
  return {
    channels: inside("public").map(({ channel }) => channel),
    groups: inside("private").map(({ channel }) => channel),
    ims: [],
    shares: { public: listed("public"), private: listed("private") },
  };
}
