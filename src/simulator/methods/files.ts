import { type Fields, isFields } from "#simulator/block-rules.ts";
import { appSees, bytesOf, expectFile, fileJson } from "#simulator/files.ts";
import { loseFile, postAsApp } from "#simulator/messages.ts";
import { type Call, channelArg, isMember, textArg } from "#simulator/method.ts";
import type { SimFile } from "#simulator/records.ts";
import { invalidArguments, SlackError } from "#simulator/slack-error.ts";

export function fileInfo(call: Call): Fields {
  const file = call.sim.world.files.get(textArg(call, "file"));
  if (!file || file.uploadKey || !appSees(call.sim.world, call.install, file))
    throw new SlackError("file_not_found");
  if (file.mode === "deleted") throw new SlackError("file_deleted");
  return {
    file: fileJson(call.sim.world, file),
    comments: [],
    response_metadata: { next_cursor: "" },
  };
}

/** An app may delete what it uploaded itself. */
export function deleteFile(call: Call): Fields {
  const file = call.sim.world.files.get(textArg(call, "file"));
  if (!file || file.uploadKey || !appSees(call.sim.world, call.install, file))
    throw new SlackError("file_not_found");
  if (file.mode === "deleted") throw new SlackError("file_deleted");
  if (file.userId !== call.install.botUserId) throw new SlackError("cant_delete_file");
  loseFile(call.sim, file);
  return {};
}

export function getUploadUrl(call: Call): Fields {
  const length = Number(call.args.length);
  if (length <= 0)
    throw invalidArguments(["[ERROR] must be greater than 0 [json-pointer:/length]"]);
  const wanted = { name: textArg(call, "filename"), size: length };
  const { file, uploadUrl } = expectFile(call.sim, call.install, wanted);
  return { upload_url: uploadUrl, file_id: file.id };
}

/** Shares what was uploaded; without a channel it stays the app's own. */
export function completeUpload(call: Call): Fields {
  const files = uploadedFiles(call);
  const channel = call.args.channel_id === undefined ? undefined : channelArg(call, "channel_id");
  if (channel && !isMember(call, channel)) throw new SlackError("not_in_channel");
  if (channel?.isArchived) throw new SlackError("posting_to_channel_denied");
  const threadTs = textArg(call, "thread_ts");
  const root = channel && call.sim.world.messages.get(channel.id, threadTs);
  if (threadTs && (!root || root.tombstone)) throw new SlackError("thread_not_found");
  for (const { uploadKey: _, ...file } of files) call.sim.world.files.put(file.id, file);
  if (channel) {
    const fileIds = files.map(({ id }) => id);
    postAsApp(call.sim, call.install, channel, {
      text: textArg(call, "initial_comment"),
      blocks: [],
      fileIds,
      ...(threadTs && { threadTs }),
    });
  }
  return { files: files.map(({ id, name }) => ({ id, title: name })) };
}

function uploadedFiles(call: Call): SimFile[] {
  const given = Array.isArray(call.args.files) ? call.args.files : [];
  if (given.length === 0) throw invalidArguments(["[ERROR] no items [json-pointer:/files]"]);
  return given.map((each) => {
    const file = isFields(each) ? call.sim.world.files.get(String(each.id)) : undefined;
    const isOurs = file?.userId === call.install.botUserId && file.uploadKey;
    if (!file || !isOurs || !bytesOf(call.sim, file)) throw new SlackError("file_not_found");
    return file;
  });
}
