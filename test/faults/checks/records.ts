import { sql } from "kysely";
import type { Db } from "#db/connect.ts";
import type { Language, Status } from "#db/tables.ts";
import { type Hold, readHolds } from "../witnesses/job-witness.ts";

export type TicketRow = {
  id: string;
  number: number;
  subject: string;
  status: Status;
  language: Language;
  /** Of a visitor of the web form. */
  email: string | null;
};
export type HistoryRow = {
  id: string;
  ticketId: string;
  event: string;
  actorKind: string;
  actorUserId: string | null;
  from: string | null;
  to: string | null;
  inThread: boolean;
  /** About a file that an agent sent: the customer is not told of it. */
  isAboutSent: boolean;
  /** The words that came with it. */
  body: string | null;
};
/** What was sent by the web form, and whose it is. */
export type RequestRow = { id: string; subject: string; email: string };
export type FileRow = {
  id: string;
  ticketId: string;
  fileId: string;
  state: "waiting" | "delivered" | "refused" | "deleted";
  sha256: string | null;
};
/** What an agent sent to a customer. */
export type SentRow = { fileId: string; state: "waiting" | "sent" | "refused" };
/** How the keys of jobs begin that were put there to be given up. */
export const POISON = "poison:";

export type JobRow = {
  id: string;
  isPoison: boolean;
  name: string;
  /** The comment, grant, failure or else the ticket that it says something about; a digest is about itself. */
  about: string;
  lane: string | null;
  seq: number;
  /** Since when, and by which transaction, it stands at this place of its lane. */
  standsSince: Date | null;
  standsBy: number | null;
  /** When it was first taken up there, and which transactions were committed then. */
  claimedAt: Date | null;
  claimSaw: string | null;
  crashes: number;
  attempts: number;
  lastError: string | null;
  doneAt: Date | null;
  deadAt: Date | null;
};

/** What the database says in the end. */
export type Records = {
  tickets: TicketRow[];
  /** In the order in which it happened, without the filing. */
  history: HistoryRow[];
  requests: RequestRow[];
  files: FileRow[];
  sent: SentRow[];
  /** The keys of mails of which nobody knows whether they came. */
  doubts: Set<string>;
  /** "slack.press 123.456": every delivery that was taken. */
  inbox: Set<string>;
  /** Not those for later: a contact who is asked again in some minutes. */
  jobs: JobRow[];
  holds: Hold[];
  accessChanges: number;
  isAccessOn: boolean;
  grantsRunOut: number;
  /** Each question to a contact that is to stand in their messages. */
  contactAsks: string[];
};

export async function readRecords(db: Db): Promise<Records> {
  const tickets = await sql<TicketRow>`
    select id, number, subject, status, language, requester_email as email
    from ticket order by number`.execute(db);
  const history = await sql<HistoryRow>`
    select ticket_history.id, ticket_history.ticket_id as "ticketId", event,
      actor_kind as "actorKind", actor_user_id as "actorUserId",
      detail ->> 'from' as "from", detail ->> 'to' as "to",
      coalesce((detail ->> 'inThread')::boolean, false) as "inThread", comment.body,
      exists (select from attachment
        where attachment.id::text = detail ->> 'attachmentId' and agent_name is not null
      ) as "isAboutSent"
    from ticket_history left join comment on comment.id = ticket_history.id
    where event <> 'filed' order by ticket_history.at`.execute(db);
  const requests = await sql<RequestRow>`
    select id, draft ->> 'subject' as subject, email from web_request`.execute(db);
  const files = await sql<FileRow>`
    select id, ticket_id as "ticketId", file_id as "fileId", state, sha256 from attachment`.execute(
    db,
  );
  const sent = await sql<SentRow>`select file_id as "fileId", state from sent_file`.execute(db);
  const doubts = await sql<{ key: string }>`
    select key from outside_write where reference @> '{"uncertain": true}'`.execute(db);
  const inbox = await sql<{ entry: string }>`
    select source || ' ' || key as entry from inbox`.execute(db);
  const jobs = await sql<JobRow>`
    with place as (
      select job_id, lane, seq, min(at) as since, (array_agg(xid::text::int8 order by n))[1] as xid,
        min(at) filter (where claim is not null) as claimed,
        (array_agg(seen::text order by n) filter (where claim is not null))[1] as saw
      from witnessed where job_id is not null group by job_id, lane, seq
    )
    select id, coalesce(starts_with(key, ${POISON}), false) as "isPoison", name,
      coalesce(payload ->> 'historyId', payload ->> 'grantId', payload ->> 'reference',
        payload ->> 'ticketId', id::text) as about,
      job.lane, job.seq, since as "standsSince", xid as "standsBy", claimed as "claimedAt", saw as "claimSaw", crashes, attempts,
      last_error as "lastError", done_at as "doneAt", dead_at as "deadAt"
    from job left join place on job_id = id and place.lane = job.lane and place.seq = job.seq
    where due_at < deskline_now() order by job.seq`.execute(db);
  const holds = await readHolds(db);
  const access = await sql<{ changes: number; isOn: boolean; runOut: number }>`
    select
      (select count(*)::int from account_history
        where event in ('access.grant', 'access.reset', 'access.off')) as changes,
      exists (select from support_grant
        where account_id = 'acme' and ended_at is null and deskline_now() < ends_at) as "isOn",
      (select count(*)::int from support_grant where ended_at = ends_at) as "runOut"`.execute(db);
  const asks = await sql<{ id: string }>`select id from contact_ask`.execute(db);
  const [row] = access.rows;
  return {
    tickets: tickets.rows,
    history: history.rows,
    requests: requests.rows,
    files: files.rows,
    sent: sent.rows,
    doubts: new Set(doubts.rows.map(({ key }) => key)),
    inbox: new Set(inbox.rows.map(({ entry }) => entry)),
    jobs: jobs.rows,
    holds,
    accessChanges: row?.changes ?? 0,
    isAccessOn: row?.isOn ?? false,
    grantsRunOut: row?.runOut ?? 0,
    contactAsks: asks.rows.map(({ id }) => id),
  };
}
