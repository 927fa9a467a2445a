import type { AgentsChannel, PolicyNow } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import type { Notices } from "#db/notices.ts";
import type { Desk } from "#desk/desk.ts";
import type { JobName } from "#jobs/catalogue.ts";
import type { Handlers } from "#jobs/handlers.ts";
import type { Mailer } from "#mail/mailer.ts";
import type { Files } from "#slack/files.ts";
import type { Messenger } from "#slack/messenger.ts";
import type { People } from "#slack/people.ts";
import { agentsJobs } from "./jobs-agents.ts";
import { askJobs } from "./jobs-asks.ts";
import { buttonsJobs } from "./jobs-buttons.ts";
import { cardJobs } from "./jobs-cards.ts";
import { composeJobs } from "./jobs-compose.ts";
import { contactJobs } from "./jobs-contact.ts";
import { deletedFileJobs } from "./jobs-deleted-files.ts";
import { departedJobs } from "./jobs-departed.ts";
import { deskJobs } from "./jobs-desk.ts";
import { digestJobs } from "./jobs-digest.ts";
import { endingJobs } from "./jobs-ending.ts";
import { fileJobs } from "./jobs-files.ts";
import { linkJobs } from "./jobs-link.ts";
import { mailJobs } from "./jobs-mail.ts";
import { messageJobs } from "./jobs-message.ts";
import { missedJobs } from "./jobs-missed.ts";
import { offerJobs } from "./jobs-offer.ts";
import { receiptJobs } from "./jobs-receipts.ts";
import { sentFileJobs } from "./jobs-sent-files.ts";
import { sharedFileJobs } from "./jobs-shared-files.ts";
import { stepJobs } from "./jobs-step.ts";
import { threadJobs } from "./jobs-threads.ts";
import { toldJobs } from "./jobs-told.ts";
import { triageJobs } from "./jobs-triage.ts";
import { webFileJobs } from "./jobs-web-files.ts";
import type { WebLinks } from "./web-links.ts";

export type TicketNeeds = {
  db: Db;
  desk: Desk;
  messenger: Messenger;
  files: Files;
  agentsChannel: AgentsChannel;
  notices: Notices;
  people: People;
  policy: PolicyNow;
  /** Absent: there is no web form, and no mail. */
  mailer?: Mailer | undefined;
  links?: WebLinks | undefined;
};

type TicketJob = Extract<JobName, `ticket.${string}` | `request.${string}`>;

/** What happens after a ticket changed: at the desk, on the two cards, in the two threads. */
export function ticketJobs(needs: TicketNeeds): Pick<Handlers, TicketJob> {
  return {
    ...deskJobs(needs),
    ...messageJobs(needs),
    ...receiptJobs(needs),
    ...offerJobs(needs),
    ...stepJobs(needs),
    ...cardJobs(needs),
    ...linkJobs(needs),
    ...composeJobs(needs),
    ...missedJobs(needs),
    ...fileJobs(needs),
    ...sharedFileJobs(needs),
    ...deletedFileJobs(needs),
    ...sentFileJobs(needs),
    ...webFileJobs(needs),
    ...triageJobs(needs),
    ...digestJobs(needs),
    ...departedJobs(needs),
    ...agentsJobs(needs),
    ...toldJobs(needs),
    ...threadJobs(needs),
    ...buttonsJobs(needs),
    ...contactJobs(needs),
    ...askJobs(needs),
    ...endingJobs(needs),
    ...mailJobs({ db: needs.db, policy: needs.policy, mailer: needs.mailer, links: needs.links }),
  };
}
