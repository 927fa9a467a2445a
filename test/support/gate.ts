import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A TCP link that a test can cut, silence or lead elsewhere. */
export type Gate = AsyncDisposable & {
  port: number;
  /** New connections go there; undefined refuses them. */
  leadTo(port: number | undefined): void;
  /** Breaks every open connection. */
  cut(): void;
  /** What is said from now on arrives so much later. */
  slow(ms: number): void;
  /** Swallows from now on what the open connections say, on both sides: half-open links. New ones work. */
  silence(): void;
};

export async function openGate(to: number): Promise<Gate> {
  let target: number | undefined = to;
  let delayMs = 0;
  const sockets = new Set<Socket>();
  const silent = new WeakSet<Socket>();

  function pass(from: Socket, into: Socket): void {
    sockets.add(from);
    from.on("data", (bytes) => {
      if (silent.has(from)) return;
      if (delayMs === 0) into.write(bytes);
      else setTimeout(() => into.write(bytes), delayMs);
    });
    from.on("error", () => {}); // "close" follows
    from.on("close", () => {
      sockets.delete(from);
      into.destroy();
    });
  }
  const server = createServer((client) => {
    if (target === undefined) {
      client.destroy();
      return;
    }
    const behind = connect(target, "127.0.0.1");
    pass(client, behind);
    pass(behind, client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The gate has no port.");

  function cut(): void {
    for (const socket of sockets) socket.destroy();
  }
  return {
    port: address.port,
    leadTo(port) {
      target = port;
    },
    cut,
    slow(ms) {
      delayMs = ms;
    },
    silence() {
      for (const socket of sockets) silent.add(socket);
    },
    async [Symbol.asyncDispose]() {
      server.close();
      cut();
    },
  };
}
