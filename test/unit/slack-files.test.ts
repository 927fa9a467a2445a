import { createHash } from "node:crypto";
import type { WebClient } from "@slack/web-api";
import { describe, expect, it } from "vitest";
import { Problem, Refused, RetryLater } from "#errors.ts";
import type { CallSlack } from "#slack/clients.ts";
import { SlackRefused } from "#slack/failures.ts";
import { createFiles } from "#slack/files.ts";
import { endless, type FileHost, http, startFileHost } from "../support/file-host.ts";

const TOKEN = "xoxb-of-acme";
const PNG = Buffer.concat([
  Buffer.from("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489", "hex"),
  Buffer.from("0000000049454e44ae426082", "hex"),
]);
const MEGABYTE = 1024 * 1024;
const HTML = "<!DOCTYPE html><html><title>Sign in to Slack</title></html>";
const whole = (bytes: Uint8Array | string, type = "image/png") =>
  http(200, { "content-type": type, "content-length": Buffer.byteLength(bytes) }, bytes);

describe("a file that is as Slack said", () => {
  it("comes with its bytes, what they are, their size and their SHA-256", async () => {
    await using host = await startFileHost(whole(PNG));

    const file = await fetched(host);

    expect(file).toEqual({
      name: "error.png",
      mediaType: "image/png",
      size: PNG.length,
      sha256: createHash("sha256").update(PNG).digest("hex"),
      bytes: PNG,
    });
    expect(host.requests).toEqual([
      expect.stringMatching(/^authorization: Bearer xoxb-of-acme\r$/m),
    ]);
  });

  it.each([
    ["text", "build failed\n", "text/plain", "text/plain"],
    ["a page's name for plain words", "a < b && c > d", "text/plain", "text/plain"],
    ["a type nobody knows", "\u0001\u0002", "x/<script>", "application/octet-stream"],
  ])("is taken when it is %s", async (_what, bytes, mimetype, mediaType) => {
    await using host = await startFileHost(whole(bytes, "application/octet-stream"));

    const info = { name: "build.log", size: bytes.length, mimetype };

    expect(await fetched(host, info)).toMatchObject({ mediaType, size: bytes.length });
  });

  it("is taken at ten megabytes", async () => {
    const bytes = Buffer.alloc(10 * MEGABYTE, "x");
    await using host = await startFileHost(whole(bytes, "text/plain"));

    expect(await fetched(host, { name: "a.log", size: bytes.length })).toMatchObject({
      size: bytes.length,
    });
  });

  it.each([
    ["..\\..\\secret/error\u202egnp.txt", "errorgnp.txt"],
    [`${"x".repeat(300)}.log`, /^x{100,}….log$/],
    ["a\0b\ud800.txt", "a b\ufffd.txt"],
    ["", "F0FILE"],
  ])("has a name of one line without a path: %j", async (name, shown) => {
    await using host = await startFileHost(whole("x", "text/plain"));

    const file = await fetched(host, { name, size: 1 });

    expect(file.name).toMatch(shown);
    expect(file.name.length).toBeLessThanOrEqual(150);
  });
});

describe("a host that lies", () => {
  it.each([
    ["its sign-in page with status 200", whole(HTML, "text/html; charset=utf-8"), "unreadable"],
    ["its sign-in page as a picture", whole(HTML, "image/png"), "wrong-length"],
    ["no permission", http(403, {}, "no"), "unreadable"],
    ["nothing there", http(404, {}, "no"), "gone"],
    ["a part of a file", http(206, { "content-length": PNG.length }, PNG), "unreadable"],
    ["no bytes", http(200, { "content-length": 0 }), "empty"],
    ["fewer bytes", whole(PNG.subarray(1)), "wrong-length"],
    ["more bytes", whole(Buffer.concat([PNG, PNG])), "wrong-length"],
    ["fewer bytes without a length", http(200, {}, PNG.subarray(1)), "wrong-length"],
    ["more bytes without a length", http(200, {}, Buffer.concat([PNG, PNG])), "wrong-length"],
    ["a length of more than ten megabytes", endless("content-length: 99999999\r\n"), "too-large"],
  ])("and answers with %s is not believed", async (_how, answer, why) => {
    await using host = await startFileHost(answer);

    await expect(fetched(host)).rejects.toMatchObject({
      code: "file-refused",
      facts: { name: "error.png", why },
    });
  });

  it("and breaks off is asked a few times more", async () => {
    await using host = await startFileHost(http(200, { "content-length": PNG.length }, "half"));

    await expect(fetched(host)).rejects.toBeInstanceOf(Refused);
  });

  it.each([
    ["as much as was announced", { size: PNG.length }, "wrong-length"],
    ["ten megabytes, when nothing was announced", { size: undefined }, "too-large"],
  ])("and never ends is read no further than %s", async (_what, info, why) => {
    await using host = await startFileHost(endless());
    const before = process.memoryUsage().arrayBuffers;

    await expect(fetched(host, info)).rejects.toMatchObject({ facts: { why } });
    await host.closed();

    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40 * MEGABYTE);
  });

  it.each([301, 302, 303, 307, 308])("and redirects with %i is not followed", async (status) => {
    await using other = await startFileHost(whole(PNG));
    await using host = await startFileHost(http(status, { location: `${other.origin}/x` }));

    await expect(fetched(host)).rejects.toMatchObject({ facts: { why: "unreadable" } });

    expect(other.requests).toEqual([]);
  });

  it("and is silent is waited for no longer than a call may take", async () => {
    await using host = await startFileHost(() => {});

    await expect(fetched(host, {}, 100)).rejects.toBeInstanceOf(RetryLater);
  });

  it("and drips is waited for no longer either", async () => {
    await using host = await startFileHost((socket) => {
      socket.write("HTTP/1.1 200 Said\r\ncontent-length: 30\r\n\r\nx");
    });

    await expect(fetched(host, { size: 30 }, 100)).rejects.toBeInstanceOf(RetryLater);
  });

  it.each([
    [429, 7, 7000],
    [500, 7, 7000],
    [503, 86_400, 3_600_000],
    [503, "soon", undefined],
  ])("and answers %i is asked later, when it says %j", async (status, wait, afterMs) => {
    await using host = await startFileHost(http(status, { "retry-after": wait }));

    await expect(fetched(host)).rejects.toMatchObject({ name: "RetryLater", afterMs });
  });
});

describe("the token", () => {
  it.each([
    ["another host", (other: FileHost) => `${other.origin}/files-pri/x`],
    [
      "another host with ours as a user name",
      (other: FileHost, host: FileHost) =>
        `http://${new URL(host.origin).hostname}@${new URL(other.origin).host}/x`,
    ],
    [
      "our host with a user name",
      (_: FileHost, host: FileHost) => host.origin.replace("//", "//u@"),
    ],
    ["another protocol", (_: FileHost, host: FileHost) => host.origin.replace("http", "https")],
    ["no address", () => "files-pri/x"],
  ])("does not go to %s", async (_where, urlOf) => {
    await using other = await startFileHost(whole(PNG));
    await using host = await startFileHost(whole(PNG));
    const url = urlOf(other, host);

    await expect(fetched(host, { url_private_download: url })).rejects.toMatchObject({
      facts: { why: "elsewhere" },
    });

    expect([other.requests, host.requests]).toEqual([[], []]);
  });
});

describe("what files.info says is enough to refuse", () => {
  it.each([
    ["an empty file", { size: 0 }, "empty"],
    ["one of more than ten megabytes", { size: 10 * MEGABYTE + 1 }, "too-large"],
    ["a program", { name: "Setup.EXE" }, "forbidden-type"],
    ["a program behind a picture's name", { name: "error.png.exe. " }, "forbidden-type"],
    ["a web page", { name: "a.html" }, "forbidden-type"],
    ["a file that was deleted", { mode: "tombstone" }, "gone"],
    ["one beyond Slack's limit", { mode: "hidden_by_limit" }, "gone"],
    ["one that is kept elsewhere", { mode: "external", is_external: true }, "elsewhere"],
    ["one of a workspace that does not show it", { file_access: "check_file_info" }, "elsewhere"],
    ["one without an address", { url_private_download: undefined }, "elsewhere"],
  ])("%s", async (_what, info, why) => {
    await using host = await startFileHost(whole(PNG));

    await expect(fetched(host, info)).rejects.toMatchObject({ facts: { why } });

    expect(host.requests).toEqual([]);
  });

  it.each(["file_deleted", "file_not_found", "not_visible"])("%s", async (code) => {
    const files = filesAt("http://127.0.0.1:9", async () => {
      throw new SlackRefused(code);
    });

    await expect(files.find(AT)).rejects.toMatchObject({
      facts: { name: "F0FILE", why: "gone" },
    });
  });
});

describe("a forbidden type under the name of a picture", () => {
  it.each([
    ["a Windows program", Buffer.from(`MZ\x90\0${"\0".repeat(60)}PE`, "latin1")],
    ["a Linux program", Buffer.from(`\x7fELF\x02\x01\x01${"\0".repeat(20)}`, "latin1")],
    ["a Java class", Buffer.from("cafebabe00000034001d0a0006000f09", "hex")],
    ["a web page", HTML],
    ["a web page after a comment", "\ufeff <!-- a\n-- > --> <ScRiPt>alert(1)</script>"],
    ["a web page in UTF-16", Buffer.from(`\ufeff${HTML}`, "utf16le")],
    ["an SVG picture", '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ["a shell script", "#!/bin/sh\nrm -rf /\n"],
    ["PHP", "<?php system($_GET['x']);"],
  ])("is refused: %s", async (_what, bytes) => {
    await using host = await startFileHost(whole(bytes));

    const refused = fetched(host, { size: Buffer.byteLength(bytes) });

    await expect(refused).rejects.toBeInstanceOf(Problem);
    await expect(refused).rejects.toMatchObject({ facts: { why: "forbidden-type" } });
  });

  it("is told in time, however its comments go on", async () => {
    const bytes = Buffer.from(`${"<!---".repeat(2000)}${"<!-- -->".repeat(2000)}`);
    await using host = await startFileHost(whole(bytes));
    const begun = performance.now();

    await fetched(host, { size: bytes.length });

    expect(performance.now() - begun).toBeLessThan(2000);
  });
});

const AT = { teamId: "T0ACME", fileId: "F0FILE" };

async function fetched(host: FileHost, given: Record<string, unknown> = {}, timeoutMs = 5000) {
  const file = {
    id: "F0FILE",
    name: "error.png",
    size: PNG.length,
    mimetype: "image/png",
    mode: "hosted",
    file_access: "visible",
    url_private_download: `${host.origin}/files-pri/T0ACME-F0FILE/download/error.png`,
    ...given,
  };
  const files = filesAt(host.origin, async () => ({ file }), timeoutMs);
  return files.fetch(await files.find(AT), AbortSignal.timeout(5000));
}

/** Where files.info answers this. */
function filesAt(filesUrl: string, info: () => Promise<unknown>, timeoutMs = 5000) {
  const client = { files: { info } } as unknown as WebClient; // nothing else of it is called
  const callSlack: CallSlack = (_teamId, call) => call(client);
  const installation = { teamId: "T0ACME", teamName: "Acme", accountId: "acme", isHome: false };
  const bot = { botToken: TOKEN, botUserId: "U0BOT", botId: "B0BOT" };
  return createFiles({
    db: {} as never, // a fetch writes nothing
    callSlack,
    findInstallation: async () => ({ ...installation, ...bot }),
    filesUrl,
    timeoutMs,
  });
}
