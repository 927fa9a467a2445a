import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { SLACK_PATH } from "#slack/http-receiver.ts";
import { startWebServer } from "#web/server.ts";
import { quiet } from "../support/jobs.ts";

const AT_ONCE = 30;
const REQUEST = `POST ${SLACK_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n`;

it("begins one request in a turn of its loop, so that who has just connected is not passed over", async () => {
  const begunAt: number[] = [];
  let turn = 0;
  await using server = await startWebServer(
    { port: 0, host: "127.0.0.1" },
    {
      log: quiet,
      notReady: async () => undefined,
      slack: async () => {
        begunAt.push(turn);
        return { status: 200, body: "ok" };
      },
    },
  );
  const sockets = await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      const socket = connect(server.port, "127.0.0.1").setEncoding("utf8");
      socket.write("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n");
      await once(socket, "data"); // the server has it
      return socket;
    }),
  );

  let isOver = false;
  setImmediate(function count() {
    turn += 1;
    if (!isOver) setImmediate(count);
  });
  for (const socket of sockets) socket.write(`${REQUEST}Connection: close\r\n\r\n1`);
  const answers = await Promise.all(sockets.map((socket) => text(socket)));
  isOver = true;

  expect(answers.every((answer) => answer.startsWith("HTTP/1.1 200"))).toBe(true);
  expect(begunAt).toHaveLength(AT_ONCE);
  expect(new Set(begunAt).size).toBe(AT_ONCE);
});
