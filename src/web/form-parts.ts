import { createHash } from "node:crypto";
import { on } from "node:events";
import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import { Busboy, type BusboyInstance } from "@fastify/busboy";
import { MAX_FILE } from "#slack/fetch-file.ts";
import { nameOf } from "#slack/file-info.ts";

const LIMITS = {
  fields: 10,
  fieldSize: 100 * 1024,
  files: 50, // those beyond ten are refused by name
  headerPairs: 20,
  headerSize: 8 * 1024,
};
const MOST = 12 * MAX_FILE; // whoever chose one file too many still reads so

/** A form as it comes in. `typed` is whole once the first file is there: the page has its fields before. */
export type FormParts = { typed: URLSearchParams; files: AsyncGenerator<FilePart> };
export type FilePart = {
  /** One line, without a path. */
  name: string;
  /** The type it calls it by. */
  said: string;
  /** Once, before the next is asked for. What is not read is thrown away. */
  read(): Promise<ReadPart>;
};
export type ReadPart = { bytes: Buffer; sha256: string } | { why: "empty" | "too-large" };

/** It cannot be read further: it broke off, is no form, or has more in it than any page of ours sends. */
export class BadForm extends Error {
  override name = "BadForm";
  readonly why: "broken" | "too-much";

  constructor(why: "broken" | "too-much", options?: ErrorOptions) {
    super(why, options);
    this.why = why;
  }
}

/** What the parser tells of a file: its field, its bytes, its name, its encoding, its type. */
type Found = [string, Readable, string | undefined, string, string];

/** Of multipart/form-data, with no more in memory than the file that is being read. Its files throw BadForm. */
export function readParts(headers: IncomingHttpHeaders, body: Readable): FormParts {
  const typed = new URLSearchParams();
  return { typed, files: filesIn(headers, body, typed) };
}

async function* filesIn(headers: IncomingHttpHeaders, body: Readable, typed: URLSearchParams) {
  const parser = openParser(headers);
  const found = on(parser, "file", { close: ["finish"] });
  takeFields(parser, typed);
  const release = feed(parser, body);
  try {
    for await (const [, stream, name, , said] of found as AsyncIterable<Found>) {
      const part = partOf(stream as Readable, name && nameOf({ id: "file", name }), String(said));
      if (part.name !== "") yield part; // a page without a chosen file sends one without a name
      await part.skip();
    }
  } catch (cause) {
    throw badForm(cause);
  } finally {
    release();
  }
}

function badForm(cause: unknown): BadForm {
  return cause instanceof BadForm ? cause : new BadForm("broken", { cause });
}

function openParser(headers: IncomingHttpHeaders): BusboyInstance {
  try {
    const type = headers["content-type"] ?? "";
    return new Busboy({ headers: { ...headers, "content-type": type }, limits: LIMITS });
  } catch (cause) {
    throw new BadForm("broken", { cause });
  }
}

function takeFields(parser: BusboyInstance, typed: URLSearchParams): void {
  const tooMuch = () => parser.destroy(new BadForm("too-much"));
  for (const limit of ["fieldsLimit", "filesLimit", "partsLimit"] as const)
    parser.on(limit, tooMuch);
  parser.on("field", (name, value, _isNameCut, isCut) => {
    if (isCut) tooMuch();
    typed.append(name, value);
  });
}

/** Answers how to let go of the body, which then is whole, or thrown away by whoever answers. */
function feed(parser: BusboyInstance, body: Readable): () => void {
  const streams: Readable[] = [];
  let length = 0;
  const count = (chunk: Buffer) => {
    length += chunk.length;
    if (length > MOST) parser.destroy(new BadForm("too-much"));
  };
  const cut = () => {
    if (!body.readableEnded) parser.destroy(new BadForm("broken"));
  };
  parser.on("file", (_field, stream) => {
    stream.on("error", () => {}); // whoever reads it hears it
    streams.push(stream);
  });
  parser.once("error", (error: Error) => {
    body.unpipe(parser);
    for (const stream of streams) stream.destroy(error);
  });
  body.on("data", count).once("error", cut).once("close", cut);
  body.pipe(parser);
  return () => {
    body.unpipe(parser);
    body.off("data", count).off("error", cut).off("close", cut);
    parser.on("error", () => {}); // what is left of it nobody reads
    parser.destroy();
  };
}

function partOf(stream: Readable, name = "", said = ""): FilePart & { skip(): Promise<void> } {
  let isRead = false;
  return {
    name,
    said,
    read() {
      isRead = true;
      return readWhole(stream).catch((cause: unknown) => {
        throw badForm(cause);
      });
    },
    async skip() {
      if (isRead) return;
      for await (const _chunk of stream); // the parser waits for it
    },
  };
}

async function readWhole(stream: Readable): Promise<ReadPart> {
  const hash = createHash("sha256");
  let chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_FILE) {
      chunks = [];
      continue; // to its end, where the next part begins
    }
    chunks.push(chunk);
    hash.update(chunk);
  }
  if (length > MAX_FILE) return { why: "too-large" };
  if (length === 0) return { why: "empty" };
  return { bytes: Buffer.concat(chunks, length), sha256: hash.digest("hex") };
}
