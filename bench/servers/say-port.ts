import type { Server } from "node:net";

/** As Deskline's log does: the bench waits for it. */
export function sayPort(server: Server): void {
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  process.stdout.write(`${JSON.stringify({ port })}\n`);
}
