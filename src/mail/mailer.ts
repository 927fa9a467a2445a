import { createHash } from "node:crypto";
import { createTransport } from "nodemailer";
import { z } from "zod";
import type { Db } from "#db/connect.ts";
import { Quote, Refused, RetryLater } from "#errors.ts";
import type { Run } from "#jobs/handlers.ts";
import { once } from "#jobs/once.ts";
import { withdrawIntent } from "#jobs/outside-writes.ts";

export type Mail = { to: string; subject: string; text: string };

export type Mailer = {
  /**
   * Once for this key, with a Message-ID that is made from it. SMTP cannot be asked what it took: a mail whose answer
   * was lost is "uncertain" and not sent again, but where it `mayComeTwice`.
   */
  send(
    run: Run,
    key: string,
    mail: Mail,
    how?: { mayComeTwice: boolean },
  ): Promise<"sent" | "uncertain">;
};

/** The server knows that there is nobody at this address. */
export class NoSuchAddress extends Refused {
  override name = "NoSuchAddress";
}

const Sent = z.object({ messageId: z.string().optional(), uncertain: z.literal(true).optional() });
const UNCERTAIN = { uncertain: true } as const;

const BAD_ADDRESS = /\b5\.1\.\d+\b/; // RFC 3463, "addressing status"

type Settings = { url: string; from: string; timeoutMs: number };

export function createMailer(db: Db, { url, from, timeoutMs }: Settings): Mailer {
  const transport = createTransport({
    url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from
    .split("@")
    .at(-1)
    ?.replace(/[^\w.-]/g, "");

  return {
    async send(run, key, { to, subject, text }, { mayComeTwice } = { mayComeTwice: false }) {
      const messageId = `<${createHash("sha256").update(key).digest("hex").slice(0, 32)}@${domain}>`;
      // Asked before anything is intended: a server that is away leaves nothing uncertain.
      await transport.verify().catch(later);
      const sent = await once({ db, run }, `mail:${key}`, {
        reference: Sent,
        lookUp: async () => (mayComeTwice ? undefined : UNCERTAIN),
        async send() {
          const recipient = { name: "", address: to }; // as it is: never read as a list of addresses
          const headers = { "Auto-Submitted": "auto-generated" };
          try {
            await transport.sendMail({ from, to: recipient, subject, text, messageId, headers });
            return { messageId };
          } catch (error) {
            throw await explain(error, `mail:${key}`);
          }
        },
      });
      return sent.uncertain ? "uncertain" : "sent";
    },
  };

  /** A no of the server is certain: what it did not take may be sent again. */
  async function explain(error: unknown, key: string): Promise<unknown> {
    const code = codeOf(error);
    if (code === undefined && !isBeforeData(error))
      return new RetryLater("the mail server did not answer", quoted(error));
    await withdrawIntent(db, key);
    if (code === undefined || code < 500)
      return new RetryLater("the mail server takes no mail just now", quoted(error));
    if (BAD_ADDRESS.test(String(error)))
      return new NoSuchAddress("there is nobody at this address", quoted(error));
    return new Refused(`the mail server refused (${code})`, quoted(error));
  }
}

function later(error: unknown): never {
  throw new RetryLater("the mail server cannot be reached", quoted(error));
}

/** Its words may name the address: for the operator's row, not for the log. */
function quoted(error: unknown): { cause: unknown } {
  return { cause: new Quote(String(error)) };
}

/** Of an answer that says no; undefined when there was no answer to what was sent. */
function codeOf(error: unknown): number | undefined {
  const code = z.object({ responseCode: z.number().min(400) }).safeParse(error);
  return code.data?.responseCode;
}

/** It never came to speak with the server, which so has nothing of the mail. */
function isBeforeData(error: unknown): boolean {
  const call = z.object({ syscall: z.enum(["connect", "getaddrinfo"]) });
  return call.safeParse(error).success;
}
