import type { ColumnType, Generated, GeneratedAlways, JSONColumnType } from "kysely";
import type { FileFault } from "#errors.ts";

/** Filled by the database when left out. */
type Timestamp = ColumnType<Date, Date | undefined, Date>;
type Json = JSONColumnType<Record<string, unknown>>;
type JsonOrNull = ColumnType<Record<string, unknown> | null, string | null, string | null>;
/** A whole number by identity: never written by us. */
type Identity = ColumnType<number, never, never>;

export type Priority = "urgent" | "high" | "normal" | "low";
export type Status = "new" | "open" | "pending" | "on_hold" | "solved" | "closed";
export type What = "nothing-works" | "essential-function" | "function" | "minor-bug" | "question";
export type Who = "all" | "many" | "some";
export type Workaround = "none" | "limited" | "yes";
export type ContactState = "off" | "asking" | "present" | "falling" | "held" | "absent";
export type ContactAnswer = "here" | "unavailable" | "silent";
export type Language = "ja" | "en";

export interface Tables {
  account: {
    id: string;
    name: string;
    plan: Generated<"free" | "paid">;
    created_at: Timestamp;
    set_by_api_at: Date | null;
    in_policy: Generated<boolean>;
  };
  account_admin: { account_id: string; team_id: string; user_id: string };
  account_contact: { account_id: string; place: number; team_id: string; user_id: string };
  account_channel: { team_id: string; channel_id: string; account_id: string };
  account_workspace: { team_id: string; account_id: string };
  account_mail_domain: { domain: string; account_id: string };
  account_mail_address: { address: string; account_id: string };
  article_vote: {
    article_id: string;
    team_id: string;
    user_id: string;
    is_helpful: boolean;
    voted_at: Timestamp;
  };
  account_history: {
    id: Generated<string>;
    account_id: string;
    at: Timestamp;
    event: string;
    actor_team_id: string | null;
    actor_user_id: string | null;
    actor_name: string;
    detail: Json;
  };
  installation: {
    team_id: string;
    team_name: string;
    account_id: string | null;
    is_home: Generated<boolean>;
    bot_token: string;
    bot_user_id: string;
    bot_id: string;
    installed_at: Timestamp;
    revoked_at: Date | null;
  };
  person: {
    team_id: string;
    user_id: string;
    name: string;
    language: Language;
    time_zone: string;
    seen_at: Timestamp;
  };
  inbox: {
    source: string;
    key: string;
    received_at: Timestamp;
    answer: JsonOrNull;
  };
  ticket: {
    id: Generated<string>;
    account_id: string;
    number: Identity;
    subject: string;
    description: string;
    what: What;
    who: Who;
    workaround: Workaround;
    priority: Priority;
    status: Generated<Status>;
    language: Language;
    requester_team_id: string | null;
    requester_user_id: string | null;
    requester_name: string;
    requester_email: string | null;
    assignee_user_id: string | null;
    assignee_name: string | null;
    topic: string | null;
    topic_name: string | null;
    why: string | null;
    contact_team_id: string | null;
    contact_user_id: string | null;
    contact_name: string | null;
    contact_email: string | null;
    asked_priority: Priority | null;
    contact_state: Generated<ContactState>;
    contact_turn: Generated<number>;
    contact_round: Generated<number>;
    contact_due_at: Date | null;
    contact_declined: Generated<boolean>;
    asked_team_id: string | null;
    asked_channel_id: string | null;
    asked_message_ts: string | null;
    asked_thread_ts: string | null;
    message_url: string | null;
    card_channel_id: string | null;
    card_ts: string | null;
    card_thread_ts: string | null;
    card_url: string | null;
    triage_team_id: string | null;
    triage_channel_id: string | null;
    triage_ts: string | null;
    triage_listed_at: Date | null;
    /** When an agent first did something after the customer's last words. */
    seen_at: Date | null;
    /** Since when its customer waits for an answer; filled when it is filed. */
    waits_since: ColumnType<Date | null, never, Date | null>;
    first_answered_at: Date | null;
    /** The closed ticket that it goes on with. */
    follows_id: string | null;
    follows_number: number | null;
    /** The agent who opened it for its requester, as a follow-up. */
    opened_by_name: string | null;
    /** So many tickets it is linked with. */
    links: Generated<number>;
    /** The ticket in which its work goes on: it is closed itself, and can be brought back for a day. */
    merged_into_id: string | null;
    merged_into_number: number | null;
    merged_at: Date | null;
    /** What it has again then. */
    unmerged_status: Exclude<Status, "closed"> | null;
    unmerged_waits_since: Date | null;
    attachments: Generated<number>;
    /** Of them. */
    refused_attachments: Generated<number>;
    desk_name: string | null;
    desk_id: string | null;
    desk_url: string | null;
    version: Generated<number>;
    created_at: Timestamp;
    updated_at: Timestamp;
  };
  ticket_link: {
    account_id: string;
    ticket_id: string;
    other_id: string;
    created_at: Timestamp;
  };
  ticket_thread: {
    team_id: string;
    channel_id: string;
    ts: string;
    account_id: string;
    ticket_id: string;
  };
  attachment: {
    id: Generated<string>;
    seq: Identity;
    account_id: string;
    ticket_id: string;
    team_id: string | null;
    file_id: string;
    agent_name: string | null;
    /** The step that it came with; the ticket itself, when null. */
    history_id: string | null;
    name: string | null;
    size: number | null;
    sha256: string | null;
    upload_id: string | null;
    state: Generated<"waiting" | "delivered" | "refused" | "deleted">;
    why: FileFault | null;
    created_at: Timestamp;
  };
  ticket_history: {
    id: Generated<string>;
    account_id: string;
    ticket_id: string;
    at: Timestamp;
    event: string;
    actor_kind: "requester" | "contact" | "agent" | "deskline";
    actor_user_id: string | null;
    actor_name: string;
    detail: Json;
  };
  contact_ask: {
    id: Generated<string>;
    seq: Identity;
    account_id: string;
    ticket_id: string;
    round: number;
    team_id: string | null;
    user_id: string | null;
    email: string | null;
    secret_hash: string | null;
    /** The same in every round: "T0ACME/U0TOM", or the address. */
    who: Generated<string>;
    name: string;
    /** When the question reached Slack or the mail server. */
    asked_at: Date | null;
    answer: ContactAnswer | null;
    answered_at: Date | null;
  };
  workaround_offer: {
    id: string;
    account_id: string;
    ticket_id: string;
    workaround: Exclude<Workaround, "none">;
    answer: "accepted" | "disputed" | "replaced" | null;
    answered_at: Date | null;
  };
  comment: {
    id: Generated<string>;
    account_id: string;
    ticket_id: string;
    at: Timestamp;
    kind: "reply" | "question" | "information";
    author_kind: "requester" | "agent";
    author_user_id: string | null;
    author_name: string;
    body: string;
    /** The message in Slack that it is. */
    team_id: string | null;
    channel_id: string | null;
    ts: string | null;
    /** In whose thread; null before that was kept. */
    thread_ts: string | null;
    edited_ts: Generated<string>;
    edits: Generated<number>;
    /** When the desk had its words. */
    told_at: Date | null;
    /** Its words are gone then. */
    deleted_at: Date | null;
    /** As it is searched. */
    form: GeneratedAlways<string>;
  };
  /** The ticket's own words, as they are searched. */
  ticket_text: { ticket_id: string; account_id: string; form: string };
  triage_thread: {
    team_id: string;
    channel_id: string;
    ts: string;
    account_id: string;
    ticket_id: string;
  };
  sent_file: {
    id: Generated<string>;
    seq: Identity;
    account_id: string;
    ticket_id: string;
    history_id: string;
    team_id: string;
    file_id: string;
    name: string;
    agent_name: string;
    upload_id: string | null;
    state: Generated<"waiting" | "sent" | "refused">;
    created_at: Timestamp;
  };
  outgoing_comment: {
    id: Generated<string>;
    account_id: string;
    ticket_id: string;
    team_id: string;
    view_id: string;
    step: "reply" | "ask" | "offer";
    helps: "yes" | "limited" | null;
    body: string;
    files: ColumnType<{ id: string; name: string }[], string | undefined, string>;
    author_user_id: string;
    author_name: string;
    state: Generated<"draft" | "waiting" | "sent" | "failed">;
    written_at: Timestamp;
    sends_at: Date | null;
  };
  ping: {
    ticket_id: string;
    kind: "warning" | "late";
    waits_since: Date;
    account_id: string;
    due_at: Date;
    called: number;
    at: Timestamp;
  };
  satisfaction: {
    ticket_id: string;
    account_id: string;
    score: "good" | "bad";
    words: string | null;
    at: Timestamp;
  };
  receipt: {
    comment_id: string;
    kind: "at-desk" | "seen" | "failed";
    account_id: string;
    ticket_id: string;
    at: Timestamp;
  };
  /** One row: until when Slack was heard. */
  hearing: { is_one: Generated<boolean>; heard_at: Date };
  /** What one late message in the agents' thread says together: entries as in the job's payload. */
  catch_up: {
    key: string;
    account_id: string;
    ticket_id: string;
    said: JSONColumnType<unknown[]>;
    at: Timestamp;
  };
  /** For agents alone. */
  note: {
    id: Generated<string>;
    account_id: string;
    ticket_id: string;
    at: Timestamp;
    team_id: string;
    channel_id: string;
    ts: string;
    author_user_id: string;
    author_name: string;
    body: string;
    edited_ts: Generated<string>;
    deleted_at: Date | null;
    form: GeneratedAlways<string>;
  };
  ticket_page: {
    secret_hash: string;
    account_id: string;
    ticket_id: string;
    created_at: Timestamp;
  };
  web_request: {
    id: string;
    token_hash: string | null;
    email: string;
    language: Language;
    draft: Json;
    account_id: string | null;
    ticket_id: string | null;
    created_at: Timestamp;
  };
  web_limit: { key: string; count: number; ends_at: Date };
  support_grant: {
    id: Generated<string>;
    account_id: string;
    set_at: Date;
    ends_at: Date;
    set_by_team_id: string;
    set_by_user_id: string;
    set_by_name: string;
    ended_at: Date | null;
  };
  desk_ticket: {
    ticket_id: string;
    account_id: string;
    number: string;
    ticket: Json;
    created_at: Timestamp;
  };
  desk_change: {
    seq: Identity;
    change_id: string;
    account_id: string;
    ticket_id: string;
    change: Json;
    received_at: Timestamp;
  };
  job: {
    id: Generated<string>;
    seq: Identity;
    name: string;
    payload: Json;
    key: string | null;
    lane: string | null;
    run_at: Timestamp;
    due_at: Timestamp;
    attempts: Generated<number>;
    failures: Generated<number>;
    crashes: Generated<number>;
    claim: string | null;
    leased_until: Date | null;
    rung_at: Date | null;
    last_error: string | null;
    created_at: Timestamp;
    done_at: Date | null;
    dead_at: Date | null;
  };
  lane: { key: string; next_at: Timestamp; claim: string | null; leased_until: Date | null };
  outside_write: {
    key: string;
    intended_at: Timestamp;
    reference: JsonOrNull;
    referenced_at: Date | null;
  };
  operator_notice: {
    key: string;
    detail: string;
    noticed_at: Timestamp;
    cleared_at: Date | null;
  };
}
