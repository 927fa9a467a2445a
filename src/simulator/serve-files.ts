import type { ServerResponse } from "node:http";
import { appSees, bytesOf, keepBytes, keepFile, MAX_UPLOAD } from "./files.ts";
import { answer, type Exchange, readBytes } from "./http-answer.ts";
import type { Person, SimFile } from "./records.ts";
import type { Sim } from "./sim.ts";

/** As Slack's file host, which answers 200 with this to a token that may not see the file, and to none. */
const SIGN_IN =
  "<!DOCTYPE html><html><head><title>Sign in to Slack</title></head><body></body></html>";
const WRONG_LENGTH = { status: 400, body: "wrong length" };
const HTML = { "Content-Type": "text/html; charset=utf-8" };
/** The name by which a fault strikes it. */
const FILE_HOST = "files";

/** The file host: `/files-pri/TEAM-FILE/…` for the app, with its token; `/upload/v1/KEY` for what it sends. */
export async function serveFileHost(exchange: Exchange): Promise<void> {
  const { sim, request, response, url } = exchange;
  if (sim.faults.strike(["outage"], FILE_HOST)) request.socket.destroy();
  else if (sim.faults.strike(["500"], FILE_HOST)) answer(response, { status: 500, body: "" });
  else if (url.pathname.startsWith("/upload/")) await takeUpload(exchange);
  else sendToApp(exchange);
}

/** What a person chooses on the page, `/sim/upload`, and what they look at, `/sim/file`. */
export async function servePersonsFile(exchange: Exchange): Promise<void> {
  const { sim, request, response, url } = exchange;
  const me = sim.world.people.get(url.searchParams.get("as") ?? "");
  if (!me || me.isBot) answer(response, { status: 404, body: "There is no such person." });
  else if (url.pathname === "/sim/file") sendToPerson(exchange, me);
  // A form of another site cannot send this type without asking first.
  else if (request.headers["content-type"] !== "application/octet-stream")
    answer(response, { status: 415, body: "Post application/octet-stream." });
  else {
    const bytes = await readBytes(request, MAX_UPLOAD);
    const name = url.searchParams.get("name") ?? "";
    const { id, size } = keepFile(sim, me, { name, bytes });
    answer(response, { status: 200, body: { id, name, size } });
  }
}

async function takeUpload({ sim, request, response, url }: Exchange): Promise<void> {
  const key = url.pathname.split("/").at(-1);
  const file = sim.world.files.values().find((each) => each.uploadKey === key);
  if (!file || request.method !== "POST") {
    answer(response, { status: 404, body: "Not Found" });
    return;
  }
  const bytes = await readBytes(request, MAX_UPLOAD);
  const isWhole = bytes.byteLength === file.size;
  if (isWhole) keepBytes(sim, file, bytes);
  answer(response, isWhole ? { status: 200, body: `OK - ${file.size}` } : WRONG_LENGTH);
}

function sendToApp({ sim, request, response, url }: Exchange): void {
  const id = url.pathname.split("/")[2]?.split("-").at(-1);
  const file = sim.world.files.get(id ?? "");
  if (file && mayFetch(sim, request.headers.authorization, file)) sendBytes(sim, response, file);
  else answer(response, { status: 200, headers: HTML, body: SIGN_IN });
}

function sendToPerson({ sim, response, url }: Exchange, { id }: Person): void {
  const file = sim.world.files.get(url.searchParams.get("id") ?? "");
  const isIn = (channel: string) => sim.world.channels.get(channel)?.memberIds.includes(id);
  const isSeen = file?.userId === id || file?.shares.some(({ channel }) => isIn(channel));
  if (file && isSeen) sendBytes(sim, response, file);
  else answer(response, { status: 404, body: "There is no such file." });
}

function mayFetch(sim: Sim, authorization: string | undefined, file: SimFile): boolean {
  const token = /^Bearer (.+)$/.exec(authorization ?? "")?.[1];
  const install = sim.world.installs.values().find((each) => each.token === token);
  return (
    install?.state === "installed" &&
    !file.uploadKey &&
    !file.isClosed &&
    appSees(sim.world, install, file)
  );
}

/** Always as a download: the page shows its own markup and nobody else's. */
function sendBytes(sim: Sim, response: ServerResponse, file: SimFile): void {
  const bytes = bytesOf(sim, file) ?? Buffer.alloc(0);
  response.writeHead(200, {
    "Content-Type": file.mimetype,
    "Content-Length": bytes.byteLength,
    "Content-Disposition": `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    "Content-Security-Policy": "sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
  });
  response.end(bytes);
}
