import type { Actor } from "./actor.ts";
import type { Typed } from "./fill.ts";
import type { ModalView } from "./page/contract.ts";

/** An agent writes in the form, looks at it once more, lets it go, and does not wait until it cannot be undone. */
export async function sayToCustomer(
  agent: Actor,
  form: ModalView,
  values: Record<string, Typed>,
): Promise<void> {
  const { modal: check, errors } = await agent.submit(form, values);
  if (!check) throw new Error(`Nothing to check: ${JSON.stringify(errors)}`);
  const { modal: sending } = await agent.submit(check);
  if (!sending) throw new Error("It was not let go.");
  await agent.press(sending, "ticket.send-now");
  await agent.close(sending);
}
