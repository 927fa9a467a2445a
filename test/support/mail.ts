import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";

export type Mail = { to: string; from: string; subject: string; text: string; messageId: string };
/** What the server says to the next mail in place of taking it. `lost`: it takes it, and the connection breaks. */
export type Trouble = "busy" | "refused" | "nobody" | "lost";

export type MailServer = AsyncDisposable & {
  /** As SMTP_URL. */
  url: string;
  mails: Mail[];
  trouble: Trouble[];
  /** Addresses that this server knows nobody at. */
  nobody: Set<string>;
  to(address: string): Mail[];
};

/** A real SMTP server that keeps what it takes. */
export async function startMailServer(): Promise<MailServer> {
  const mails: Mail[] = [];
  const trouble: Trouble[] = [];
  const nobody = new Set<string>();
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    authOptional: true,
    onRcptTo({ address }, _session, callback) {
      callback(nobody.has(address) ? NO.nobody() : null);
    },
    onData(stream, session, callback) {
      buffer(stream)
        .then(async (raw) => {
          const next = trouble.shift();
          if (next && next !== "lost") return callback(NO[next]());
          mails.push(
            await read(
              raw,
              session.envelope.rcptTo.map(({ address }) => address),
            ),
          );
          if (next !== "lost") return callback();
          for (const connection of server.connections) connection.close();
        })
        .catch((error: Error) => callback(error));
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    trouble,
    nobody,
    to: (address) => mails.filter((mail) => mail.to === address),
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function read(raw: Buffer, to: string[]): Promise<Mail> {
  const parsed = await new PostalMime().parse(raw);
  return {
    to: to.join(", "),
    from: parsed.from?.address ?? "",
    subject: parsed.subject ?? "",
    text: parsed.text ?? "",
    messageId: parsed.messageId ?? "",
  };
}

const NO = {
  busy: () => no(451, "4.3.2 Try again later"),
  refused: () => no(550, "5.7.1 Not from you"),
  nobody: () => no(550, "5.1.1 No such mailbox"),
} satisfies Record<Exclude<Trouble, "lost">, () => Error>;

function no(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
