import { z } from "zod";
import { type Followed, followLog } from "./follow-log.ts";

const Mail = z.object({
  at: z.coerce.date(),
  to: z.string(),
  /** Made from what it says: the same for each sending of it. */
  messageId: z.string(),
  subject: z.string(),
  text: z.string(),
  /** Its answer was lost. */
  isLost: z.boolean(),
});
export type Mail = z.output<typeof Mail>;

/** What the mail server wrote down. */
export type MailWitness = Followed<Mail> & { to(address: string): Mail[] };

export function followMail(path: string): MailWitness {
  const followed = followLog(path, (line) => Mail.parse(JSON.parse(line)));
  return {
    ...followed,
    to: (address) => followed.entries.filter((mail) => mail.to === address),
  };
}
