import pLimit from "p-limit";
import type { Db } from "#db/connect.ts";
import { faultsOf } from "./faults.ts";
import { Account } from "./policy.ts";
import { findWhole, saveAccountByApi } from "./store-policy.ts";

const Sent = Account.required({ plan: true });

/** `/v1/accounts/<id>`: what the vendor's billing says of an account. It wins over the policy file. */
export function accountsResource(db: Db) {
  const inTurn = pLimit(1); // accounts are changed one at a time; those that wait shall not wait with a connection each
  return {
    read: (id: string) => findWhole(db, id),

    async replace(id: string, body: unknown, by: { name: string }) {
      const sent = Sent.safeParse(isGroup(body) ? { ...body, id } : body, { reportInput: true });
      if (!sent.success) return { faults: faultsOf(sent.error).map(shown) };
      await inTurn(() => saveAccountByApi(db, sent.data, by.name));
      return { saved: await findWhole(db, id) };
    },
  };
}

function isGroup(body: unknown): body is object {
  return typeof body === "object" && body !== null && !Array.isArray(body);
}

/** `channels.0`, as the body has it. */
function shown({ path, message }: ReturnType<typeof faultsOf>[number]) {
  return { path: path.join("."), message };
}
