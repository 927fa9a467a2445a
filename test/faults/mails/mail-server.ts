import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { parseArgs } from "node:util";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";
import { chanceFrom } from "#simulator/chance.ts";
import { openWitness } from "../../support/witness-log.ts";

/**
 * A mail server that takes everything: each mail is one line of the log, on the disk before its answer. A share of the
 * answers is lost.
 */

const { values } = parseArgs({
  options: {
    log: { type: "string" },
    seed: { type: "string", default: "1" },
    "lose-share": { type: "string", default: "0" },
  },
});
const witness = openWitness(values.log);
const chance = chanceFrom(Number(values.seed));

const server = new SMTPServer({
  disabledCommands: ["STARTTLS"],
  authOptional: true,
  onData(stream, session, callback) {
    const to = session.envelope.rcptTo.map(({ address }) => address).join(", ");
    buffer(stream)
      .then(async (raw) => {
        const { messageId, subject, text } = await new PostalMime().parse(raw);
        const isLost = chance() < Number(values["lose-share"]);
        witness.write({ to, messageId, subject, text, isLost });
        if (!isLost) return callback();
        for (const one of server.connections) if (one.session === session) one.close();
      })
      .catch((error: Error) => callback(error));
  },
});
server.on("error", () => {}); // a sender was killed as it spoke
server.listen(0, "127.0.0.1");
await once(server.server, "listening");
const { port } = server.server.address() as AddressInfo; // it listens on TCP
process.stdout.write(`smtp://127.0.0.1:${port}\n`);
