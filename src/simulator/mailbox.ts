import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";
import type { MailView } from "./page/contract.ts";
import type { Table } from "./persistence.ts";

const KEPT = 100;

export type Mailbox = AsyncDisposable & {
  /** Takes mail without TLS and password, from this machine. */
  smtpUrl: string;
  /** Newest first. */
  mails(): MailView[];
};

/** Everybody's mail, in one box: what Deskline sends to people who are not in Slack. */
export async function openMailbox(mails: Table<MailView>, changed: () => void): Promise<Mailbox> {
  let count = Number(mails.values().at(-1)?.id ?? 0);
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    authOptional: true,
    onData(stream, _session, callback) {
      buffer(stream)
        .then(async (raw) => {
          const { to = [], subject = "", text = "" } = await new PostalMime().parse(raw);
          count += 1;
          const id = String(count);
          mails.put(id, {
            id,
            to: to.map(({ address }) => address).join(", "),
            subject,
            text,
            at: Date.now(),
          });
          mails.remove(String(count - KEPT));
          changed();
          callback();
        })
        .catch((error: Error) => callback(error));
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo; // it listens on TCP
  return {
    smtpUrl: `smtp://127.0.0.1:${port}`,
    mails: () => mails.values().reverse(),
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
