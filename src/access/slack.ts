import { type AdminNeeds, accountOf, mustBeCustomerAdmin } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import { Problem } from "#errors.ts";
import type { Message } from "#slack/blocks.ts";
import type { People } from "#slack/people.ts";
import type { Caller, CommandCall, Door, PressCall } from "#slack/replies.ts";
import { textsOf } from "#text/texts.ts";
import { SHOW_ACCESS, supportAccess } from "./ask.ts";
import { changeAccess, type Request } from "./change.ts";
import { type Change, readWish } from "./grant.ts";
import { findGrant } from "./store.ts";
import { accessBegun, accessOff, accessShown, alreadyOn, type Reader, usage } from "./views.ts";

export type AccessNeeds = AdminNeeds;

export function registerAccess(door: Door, needs: AccessNeeds): void {
  door.command("/support-access", async (call) => {
    const wish = readWish(call.text);
    if (wish.verb === "help") return call.answer(usage(call.caller.texts));
    if (wish.verb === "show") return showAccess(call, needs);
    return change(call, needs, wish);
  });
  door.press(SHOW_ACCESS, (call) => showAccess(call, needs));
}

/** Everybody may look. */
async function showAccess(
  { caller, channelId = "", answer }: CommandCall | PressCall,
  { db, people }: AccessNeeds,
): Promise<void> {
  const account = await accountOf(db, { teamId: caller.teamId, channelId });
  const access = await supportAccess(db, account.id);
  await answer(accessShown(await readerOf(people, caller), access));
}

async function change(call: CommandCall, needs: AccessNeeds, wish: Change): Promise<void> {
  const { caller, channelId, key } = call;
  const account = await accountOf(needs.db, { teamId: caller.teamId, channelId });
  const admin = await mustBeCustomerAdmin(needs, account, caller);
  const reader = { texts: textsOf(admin.language), timeZone: admin.timeZone };
  const request = { key, accountId: account.id, by: admin };
  await call.answer(await changeAnswer(needs.db, wish, { request, reader }));
}

async function changeAnswer(
  db: Db,
  wish: Change,
  { request, reader }: { request: Request; reader: Reader },
): Promise<Message> {
  try {
    const done = await changeAccess(db, wish, request);
    if (done.did === "off") return accessOff(reader);
    const { accountId } = request;
    const { endsAt } = await findGrant(db, { accountId, grantId: done.grantId });
    return accessBegun(reader, done.did, endsAt);
  } catch (error) {
    // The door has words for this refusal too, but does not know the reader's time zone.
    if (isAlreadyOn(error)) return alreadyOn(reader, error.facts.until);
    throw error;
  }
}

function isAlreadyOn(error: unknown): error is Problem<"access-already-on"> {
  return error instanceof Problem && error.code === "access-already-on";
}

/** Whoever is not known yet is asked for now: the answer names a moment in their time zone. */
async function readerOf(people: People, caller: Caller): Promise<Reader> {
  const known = await people.meet(caller);
  if (!known) return { texts: caller.texts, timeZone: "UTC" };
  return { texts: textsOf(known.language), timeZone: known.timeZone };
}
