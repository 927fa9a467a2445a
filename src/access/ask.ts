import type { Db } from "#db/connect.ts";
import { lookAtGrant } from "./store.ts";

/** The action id of every *Support access* button. */
export const SHOW_ACCESS = "access.show";

/** Whether support may enter an account now. Ask at each use, and again before each step of a long one. */
export type SupportAccess =
  | { isOn: false }
  | { isOn: true; until: Date; setBy: { teamId: string; userId: string; name: string } };

export async function supportAccess(db: Db, accountId: string): Promise<SupportAccess> {
  const grant = await lookAtGrant(db, accountId);
  return grant ? { isOn: true, until: grant.endsAt, setBy: grant.setBy } : { isOn: false };
}
