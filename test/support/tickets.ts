import { randomUUID } from "node:crypto";
import { saveAccount, saveInstallation } from "#accounts/store.ts";
import type { Db } from "#db/connect.ts";
import type { ContactState, Priority, Status } from "#db/tables.ts";
import type { TicketRef } from "#tickets/store.ts";
import { submitTicket } from "#tickets/submit.ts";
import type { TicketDraft } from "#tickets/ticket.ts";

export const DRAFT = {
  subject: "ログインできない",
  description: "今朝から、全員がログインできません。",
  what: "nothing-works",
  who: "all",
  workaround: "none",
  priority: "normal",
} satisfies TicketDraft;

/** The vendor's workspace and those of two customers, without any Slack behind them. */
export async function seedAccounts(db: Db): Promise<void> {
  for (const [teamId, accountId] of [
    ["T0KUMO", undefined],
    ["T0ACME", "acme"],
    ["T0BETA", "beta"],
  ] as const) {
    await saveAccount(db, { id: accountId ?? "home", name: accountId ?? "Kumo", plan: "paid" });
    await saveInstallation(db, {
      teamId,
      teamName: teamId,
      accountId,
      isHome: accountId === undefined,
      botToken: `xoxb-${teamId}`,
      botUserId: `U${teamId}`,
      botId: `B${teamId}`,
    });
  }
}

export type Filed = TicketRef & { number: string };

/** Filed by Hana of Acme in #help, unless said otherwise. */
export async function fileTicket(
  db: Db,
  given: Partial<TicketDraft> & { teamId?: string; userId?: string; channelId?: string } = {},
): Promise<Filed> {
  const { teamId = "T0ACME", userId = "U0HANA", channelId = "C0ACMEHELP", ...draft } = given;
  const { number } = await submitTicket(
    db,
    { ...DRAFT, ...draft },
    {
      key: randomUUID(),
      teamId,
      channelId,
      requester: { userId, name: "Hana", language: "ja" },
      ...(draft.contact && { contact: { teamId, userId: draft.contact, name: draft.contact } }),
    },
  );
  const row = await db
    .selectFrom("ticket")
    .select(["account_id as accountId", "id as ticketId"])
    .where("number", "=", Number(number.slice("DL-".length)))
    .executeTakeFirstOrThrow();
  return { ...row, number };
}

export async function setTicket(
  db: Db,
  ref: TicketRef,
  values: {
    status?: Status;
    priority?: Priority;
    contact_state?: ContactState;
    assignee_user_id?: string | null;
    card_channel_id?: string;
    card_ts?: string;
    card_url?: string;
  },
): Promise<void> {
  await db.updateTable("ticket").set(values).where("id", "=", ref.ticketId).execute();
}
