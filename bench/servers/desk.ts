import { createServer } from "node:http";
import { sayPort } from "./say-port.ts";

/** A desk that takes everything and answers at once. */
const server = createServer((req, res) => {
  req.resume();
  req.on("end", () => {
    res.writeHead(201, { "content-type": "application/json" });
    res.end('{"id":"1"}');
  });
});
server.listen(0, "127.0.0.1", () => sayPort(server));
