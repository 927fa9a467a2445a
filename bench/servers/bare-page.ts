import { createServer } from "node:http";
import { sayPort } from "./say-port.ts";

/** The baseline of the web form's page: the same bytes, and nothing else. */
const body = Buffer.from(process.env.BODY ?? "", "base64");
const {
  connection: _c,
  "keep-alive": _k,
  date: _d,
  "transfer-encoding": _t,
  ...headers
} = JSON.parse(process.env.HEADERS ?? "{}");
const server = createServer((_req, res) => {
  res.writeHead(200, headers).end(body);
});
server.listen(0, "127.0.0.1", () => sayPort(server));
process.once("SIGTERM", () => process.exit());
