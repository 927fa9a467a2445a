import type { ViewOutput } from "@slack/bolt";
import type { KnownBlock, ModalView } from "@slack/types";
import type { Logger } from "pino";
import { Problem, RetryLater } from "#errors.ts";
import { type Texts, textsOf } from "#text/texts.ts";
import { alert, modalTitle } from "./blocks.ts";
import type { CallSlack } from "./clients.ts";
import { SlackRefused } from "./failures.ts";
import type { People } from "./people.ts";
import type { Caller } from "./replies.ts";

export type Draw = (texts: Texts) => ModalView;
/** What is asked while the modal stands; what it answers is drawn in its place. */
export type Better = () => Promise<Draw | undefined>;
/** A modal as Slack has it. */
export type ShownView = { id?: string; hash?: string };

type Opening = { caller: Caller; triggerId: string; acknowledge(): Promise<void> };
type Needs = { callSlack: CallSlack; people: People; log: Logger };

/** Opens modals, and draws again those that stand. */
export function createModals({ callSlack, people, log }: Needs) {
  /** The form stands already; it turns into what fits better, and of a person met for the first time into their language. */
  async function lookAgain(
    caller: Caller,
    view: ShownView,
    { draw, better }: { draw: Draw; better: Better | undefined },
  ): Promise<void> {
    const meeting = people.meet(caller, "unhurried"); // may take a while, when a whole company comes
    const drawBetter = await better?.().catch(onLate);
    const shown = drawBetter ? await update(caller.teamId, view, drawBetter(caller.texts)) : view;
    const language = (await meeting)?.language ?? caller.language;
    if (language === caller.language) return;
    await update(caller.teamId, shown, (drawBetter ?? draw)(textsOf(language)));
  }
  function onLate(err: unknown): undefined {
    log.debug({ err }, "the form stays as it was opened; its submission is checked all the same");
  }
  /** Answers the view as it stands then. Who lost a race gives way, but for the newest choice, which knows all before it. */
  async function update(
    teamId: string,
    shown: ShownView,
    view: ModalView,
    isNewest = () => false,
  ): Promise<ShownView> {
    const { id, hash } = shown;
    if (!id) return shown;
    const send = (how: { hash?: string }) =>
      callSlack(teamId, (client) => client.views.update({ view_id: id, ...how, view }));
    try {
      const sent = send(hash ? { hash } : {});
      const updated = await sent.catch((error) => {
        if (!isCode(error, "hash_conflict") || !isNewest()) throw error;
        return send({});
      });
      return updated.view ?? {};
    } catch (err) {
      if (isCode(err, "hash_conflict", "not_found") || err instanceof RetryLater)
        log.debug({ err }, "the form was closed or changed meanwhile, or Slack is silent");
      else log.warn({ err }, "a form was not drawn again");
      return shown;
    }
  }

  return {
    update,
    async open(
      { caller, triggerId, acknowledge }: Opening,
      draw: Draw,
      better?: Better,
    ): Promise<void> {
      const opening = callSlack(caller.teamId, (client) =>
        client.views.open({ trigger_id: triggerId, view: draw(caller.texts) }),
      );
      const [opened] = await Promise.all([opening.catch(explainOpening), acknowledge()]);
      await lookAgain(caller, opened.view ?? {}, { draw, better });
    },
  };
}

const SENTENCE = "deskline.sentence";

/** The same modal with a sentence on top: it has no field at which one could stand. */
export function withSentence(view: ViewOutput, sentence: string): ModalView {
  const { callback_id, private_metadata, title, submit, close } = view;
  const others = view.blocks.filter(({ block_id }) => block_id !== SENTENCE) as KnownBlock[]; // as we drew them
  return {
    type: "modal",
    callback_id,
    private_metadata,
    title: modalTitle(title.text),
    ...(submit && { submit: modalTitle(submit.text) }),
    ...(close && { close: modalTitle(close.text) }),
    blocks: [{ ...alert("error", sentence), block_id: SENTENCE }, ...others],
  };
}

/** A trigger lives 3 seconds and works once. */
function explainOpening(error: unknown): never {
  if (error instanceof SlackRefused && /trigger/.test(error.code)) {
    throw new Problem("trigger-expired", {}, { cause: error });
  }
  // The form may stand there all the same: the answer got lost, not always the call.
  if (error instanceof RetryLater) throw new Problem("form-unanswered", {}, { cause: error });
  throw error;
}

function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof SlackRefused && codes.includes(error.code);
}
