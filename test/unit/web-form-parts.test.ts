import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { BadForm, readParts } from "#web/form-parts.ts";

const MB = 1024 * 1024;
const BOUNDARY = "----deskline";
const HEADERS = { "content-type": `multipart/form-data; boundary=${BOUNDARY}` };

describe("a form with files", () => {
  it("is read as a browser sends it: its words, then each file whole", async () => {
    const log = randomBytes(3 * MB);
    const form = new FormData();
    form.set("body", "一行目\r\n二行目");
    form.append("files", new File([log], "ログ 1.log", { type: "text/plain" }));
    form.append("files", new File(["second"], 'quo"ted.txt'));
    const sent = new Response(form);
    const headers = { "content-type": sent.headers.get("content-type") ?? "" };

    const read = await readAll(headers, Readable.fromWeb(sent.body as never));

    expect(read.atFirst).toEqual({ body: "一行目\r\n二行目" });
    expect(read.files).toEqual([
      { name: "ログ 1.log", said: "text/plain", size: log.length, sha256: hashOf(log) },
      {
        name: "quo%22ted.txt",
        said: "application/octet-stream",
        size: 6,
        sha256: hashOf("second"),
      },
    ]);
  });

  it.each([1, 7, 64 * 1024])("is the same in pieces of %i bytes", async (size) => {
    const body = form([
      field("body", "hello"),
      file("a.log", "x".repeat(5000)),
      file("b.log", "b"),
    ]);

    const read = await readAll(HEADERS, inPieces(body, size));

    expect(read.files).toMatchObject([
      { name: "a.log", size: 5000 },
      { name: "b.log", sha256: hashOf("b") },
    ]);
  });

  it("has the replacement character for bytes that are no UTF-8", async () => {
    const [before, after] = field("body", "a|b").toString().split("|");
    const half = Buffer.from([0xed, 0xa0, 0x80]);
    const part = Buffer.concat([Buffer.from(before ?? ""), half, Buffer.from(after ?? "")]);

    const read = await readAll(HEADERS, inPieces(form([part, file("", "")])));

    expect(read).toMatchObject({ typed: { body: "a\ufffd\ufffd\ufffdb" } });
  });

  it("in which none was chosen has none", async () => {
    const read = await readAll(HEADERS, inPieces(form([field("body", "x"), file("", "")])));

    expect(read).toMatchObject({ typed: { body: "x" }, files: [] });
  });

  it("with an empty file and one of 11 MB between two others gives those two", async () => {
    const parts = [
      file("a.log", "a"),
      file("empty.log", ""),
      file("large.bin", Buffer.alloc(11 * MB)),
      file("b.log", "b"),
    ];

    const read = await readAll(HEADERS, inPieces(form(parts)));

    expect(read.files).toMatchObject([
      { name: "a.log", size: 1 },
      { name: "empty.log", why: "empty" },
      { name: "large.bin", why: "too-large" },
      { name: "b.log", size: 1 },
    ]);
  });

  it("takes a file of exactly 10 MB, and no byte more", async () => {
    const parts = [file("a", Buffer.alloc(10 * MB)), file("b", Buffer.alloc(10 * MB + 1))];

    const read = await readAll(HEADERS, inPieces(form(parts)));

    expect(read.files).toMatchObject([{ size: 10 * MB }, { why: "too-large" }]);
  });

  it("names files that nobody reads, and goes on behind them", async () => {
    const parts = Array.from({ length: 12 }, (_, n) => file(`${n}.log`, "x".repeat(200_000)));
    const { files } = readParts(HEADERS, inPieces(form(parts)));
    const names: string[] = [];

    for await (const { name } of files) names.push(name);

    expect(names).toHaveLength(12);
  });

  it("leaves out the path of a name; what is typed behind a file is typed as well", async () => {
    const read = await readAll(
      HEADERS,
      inPieces(
        form([file("C:\\\\Users\\\\mika\\\\..\\\\a.log", Buffer.alloc(MB)), field("body", "late")]),
      ),
    );

    expect(read.files).toMatchObject([{ name: "a.log" }]);
    expect([read.atFirst, read.typed]).toEqual([{}, { body: "late" }]);
  });

  it("takes the bytes as they are, whatever a part says of its encoding or charset", async () => {
    const head = `Content-Disposition: form-data; name="files"; filename="a.log"\r\nContent-Transfer-Encoding: base64\r\nContent-Type: text/plain; charset=nothing\r\n\r\n`;
    const typed = `Content-Disposition: form-data; name="body"\r\nContent-Type: text/plain; charset=nothing\r\n\r\nwords`;

    const read = await readAll(HEADERS, inPieces(form([typed, `${head}QUJD`])));

    expect(read.files).toMatchObject([{ size: 4, sha256: hashOf("QUJD") }]);
    expect(Object.keys(read.typed)).toEqual(["body"]);
  });

  it("gives a NUL and half a character on as they came: nobody is thrown", async () => {
    const body = Buffer.concat([
      form([field("body", "a\0b"), file("nul\0.log", "x")], ""),
      Buffer.from([0xff, 0xfe, 0xed, 0xa0]),
      Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
    ]);

    const read = await readAll(HEADERS, inPieces(body));

    expect(read.typed).toEqual({ body: "a\0b" });
    expect(read.files).toMatchObject([{ name: "nul .log" }]);
  });
});

describe("what is no form", () => {
  it.each<[string, string, string, Buffer | string]>([
    ["without a boundary", "multipart/form-data", "broken", form([field("body", "x")])],
    ["of another boundary", `${HEADERS["content-type"]}2`, "broken", form([field("body", "x")])],
    [
      "that breaks off in a field",
      HEADERS["content-type"],
      "broken",
      form([field("body", "x")], ""),
    ],
    ["that breaks off in a file", HEADERS["content-type"], "broken", form([file("a", "x")], "")],
    [
      "that breaks off in a head",
      HEADERS["content-type"],
      "broken",
      `--${BOUNDARY}\r\nContent-Dispo`,
    ],
    ["that is empty", HEADERS["content-type"], "broken", ""],
    [
      "with a field of 101 KB",
      HEADERS["content-type"],
      "too-much",
      form([field("body", "x".repeat(101 * 1024))]),
    ],
    [
      "with eleven fields",
      HEADERS["content-type"],
      "too-much",
      form(Array.from({ length: 11 }, (_, n) => field(`f${n}`, "x"))),
    ],
    [
      "with 51 files",
      HEADERS["content-type"],
      "too-much",
      form(Array.from({ length: 51 }, (_, n) => file(`f${n}`, "x"))),
    ],
  ])("%s is told from one", async (_what, type, why, body) => {
    const reading = readAll({ "content-type": type }, inPieces(body));

    await expect(reading).rejects.toMatchObject({ name: "BadForm", why });
  });

  it("goes on without an end, and is let go of with what was typed", async () => {
    let sent = 0;
    const head = form([field("body", "kept"), file("endless", "x")], "");
    const endless = Readable.from(
      (async function* () {
        yield head;
        for (;;) {
          sent += 1;
          yield Buffer.alloc(MB);
        }
      })(),
      { objectMode: false },
    );
    const { typed, files } = readParts(HEADERS, endless);

    const reading = (async () => {
      for await (const part of files) await part.read();
    })();

    await expect(reading).rejects.toMatchObject({ why: "too-much" });
    expect(typed.get("body")).toBe("kept");
    expect(sent).toBeLessThan(130);
    endless.destroy();
  });

  it("is broken when whoever sends it goes away in the middle of a file", async () => {
    const body = new Readable({ read() {} });
    body.push(form([field("body", "kept"), file("a.log", "x".repeat(1000))], ""));
    const { typed, files } = readParts(HEADERS, body);
    const { value: part } = await files.next();
    const reading = part?.read();
    body.on("error", () => {});

    body.destroy(new Error("aborted"));

    await expect(reading).rejects.toThrow(BadForm);
    await expect(files.next()).rejects.toThrow(BadForm);
    expect(typed.get("body")).toBe("kept");
  });

  it("is let go of when nobody reads on, and the body can be thrown away", async () => {
    const body = inPieces(form([field("body", "x"), file("a", Buffer.alloc(5 * MB))]), 64 * 1024);
    const { files } = readParts(HEADERS, body);
    await files.next();

    await files.return(undefined);

    body.resume();
    await new Promise((resolve) => body.once("end", resolve));
  });
});

/** All of it: every file as its size and hash, or why not. */
async function readAll(headers: Record<string, string>, body: Readable) {
  const { typed, files } = readParts(headers, body);
  const read: Record<string, unknown>[] = [];
  let atFirst: Record<string, string> | undefined;
  for await (const part of files) {
    atFirst ??= Object.fromEntries(typed);
    const { name, said } = part;
    const content = await part.read();
    read.push(
      "why" in content
        ? { name, why: content.why }
        : { name, said, size: content.bytes.length, sha256: content.sha256 },
    );
  }
  return { atFirst, typed: Object.fromEntries(typed), files: read };
}

function field(name: string, value: string): string {
  return `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`;
}

function file(name: string, content: string | Buffer): Buffer {
  const head = `Content-Disposition: form-data; name="files"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(content)]);
}

function form(parts: (string | Buffer)[], end = `\r\n--${BOUNDARY}--\r\n`): Buffer {
  const all = parts.flatMap((part) => [Buffer.from(`\r\n--${BOUNDARY}\r\n`), Buffer.from(part)]);
  return Buffer.concat([...all, Buffer.from(end)]).subarray(2);
}

function inPieces(body: Buffer | string, size = 64 * 1024): Readable {
  const bytes = Buffer.from(body);
  const count = Math.ceil(bytes.length / size);
  const pieces = Array.from({ length: count }, (_, n) => bytes.subarray(n * size, (n + 1) * size));
  return Readable.from(pieces, { objectMode: false });
}

function hashOf(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
