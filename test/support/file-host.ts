import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** What came: the head of each request, as it was sent. */
export type FileHost = AsyncDisposable & {
  origin: string;
  requests: string[];
  /** Resolves when nobody listens to the last answer any more. */
  closed(): Promise<void>;
};

/** A host that says word for word what it is told to, true or not. */
export async function startFileHost(answer: (socket: Socket) => void): Promise<FileHost> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}); // whoever has heard enough hangs up
    socket.once("data", (head) => {
      requests.push(head.toString("latin1"));
      answer(socket);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    async closed() {
      await Promise.all([...sockets].map(closing));
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Also of one whose reader has hung up, which is an error to it. */
function closing(socket: Socket): Promise<void> | undefined {
  if (socket.closed) return undefined;
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

/** An answer as it goes over the wire; without a length it ends when the connection does. */
export function http(
  status: number,
  headers: Record<string, string | number>,
  body: Uint8Array | string = "",
): (socket: Socket) => void {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return (socket) => {
    socket.write(`HTTP/1.1 ${status} Said\r\n${lines.join("")}connection: close\r\n\r\n`);
    socket.end(body);
  };
}

/** Bytes without end, as fast as they are read. */
export function endless(headers = ""): (socket: Socket) => void {
  const chunk = Buffer.alloc(64 * 1024, "x");
  return (socket) => {
    socket.write(`HTTP/1.1 200 Said\r\n${headers}\r\n`);
    const more = () => {
      while (!socket.destroyed && socket.write(chunk)) {}
    };
    socket.on("drain", more);
    more();
  };
}
