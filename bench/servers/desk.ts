import { createServer } from "node:http";

/** A desk that takes everything and answers at once. */
const server = createServer((req, res) => {
  req.resume();
  req.on("end", () => {
    res.writeHead(201, { "content-type": "application/json" });
    res.end('{"id":"1"}');
  });
});
const port = Number(process.env.PORT);
server.listen(port, "127.0.0.1", () => process.stdout.write(`${JSON.stringify({ port })}\n`));
