import { z } from "zod";
import { topicOf } from "#accounts/ask.ts";
import { onceDelivered, takeDelivery } from "#db/inbox.ts";
import { Problem } from "#errors.ts";
import { methodLane } from "#jobs/lanes.ts";
import { enqueue } from "#jobs/queue.ts";
import { SlackRefused } from "#slack/failures.ts";
import { asPlain } from "#slack/mrkdwn.ts";
import type { Person } from "#slack/people.ts";
import type { Caller, Door } from "#slack/replies.ts";
import { type Texts, textsOf } from "#text/texts.ts";
import { readDraft } from "./draft-faults.ts";
import { readPlace } from "./form-place.ts";
import type { NewTicketNeeds } from "./new-ticket-slack.ts";
import { submitTicket } from "./submit.ts";
import { TicketDraft } from "./ticket.ts";

/** The step *File a support ticket* of Workflow Builder, as `workflow-step.yml` names it. */
export const FILE_TICKET_STEP = "file_ticket";

const Executed = z.object({
  function: z.object({ callback_id: z.literal(FILE_TICKET_STEP) }),
  function_execution_id: z.string().min(1),
  inputs: z.looseObject({ requester: z.string(), channel: z.string().default("") }),
});
/** As of the form; a workflow has no files to give. */
export const StepDraft = TicketDraft.omit({ files: true });
type Executed = z.output<typeof Executed>;
type StepRun = { teamId: string; executionId: string; inputs: Executed["inputs"] };

/** What kept the step from filing, as a sentence for whoever reads the workflow's run. */
class NotFiled extends Error {
  override name = "NotFiled";
}

type StepNeeds = Omit<NewTicketNeeds, "plans">;

export function registerStep(door: Door, needs: StepNeeds): void {
  door.event("function_executed", async ({ teamId, event }) => {
    const executed = Executed.safeParse(event);
    if (!executed.success) return; // a step of another app's, or of a later version
    const { function_execution_id: executionId, inputs } = executed.data;
    const run = { teamId, executionId, inputs };
    const requester = await requesterOf(needs, run);
    const texts = textsOf(requester?.language ?? "en");
    try {
      if (!requester) throw new Problem("requester-unfit", {});
      await file(needs, run, requester);
    } catch (error) {
      await refuse(needs, run, sentenceFor(texts, error));
    }
  });
}

/** Whom the workflow names, as Slack knows them now. */
async function requesterOf(
  { people }: StepNeeds,
  { teamId, inputs }: StepRun,
): Promise<Person | undefined> {
  try {
    const person = await people.ask({ teamId, userId: inputs.requester }, "quick");
    return person.isBot || person.isDeactivated ? undefined : person;
  } catch (error) {
    if (error instanceof SlackRefused) return undefined;
    throw error;
  }
}

/** The same checks and the same use case as the form; the run of the step is its submission. */
async function file(needs: StepNeeds, run: StepRun, requester: Person): Promise<void> {
  const { teamId, executionId, inputs } = run;
  const texts = textsOf(requester.language);
  const policy = needs.policy();
  const caller: Caller = { ...requester, texts };
  const read = await readDraft(needs.people, caller, {
    ...{ policy, values: inputs, schema: StepDraft },
  });
  if ("faults" in read) throw new NotFiled(sentencesOf(read.faults));

  const { draft, contact } = read;
  await submitTicket(needs.db, draft, {
    key: executionId,
    teamId,
    channelId: readPlace(inputs.channel).channelId,
    requester,
    topicName: topicOf(policy, draft.topic ?? "")?.name[texts.language],
    contact,
    stepRun: executionId,
  });
}

async function refuse({ db }: StepNeeds, { teamId, executionId }: StepRun, error: string) {
  const delivery = { source: "slack.view", key: executionId, answer: z.looseObject({}) } as const;
  await onceDelivered(db, delivery, () =>
    db.transaction().execute(async (tx) => {
      await takeDelivery(tx, delivery.source, delivery.key);
      const lane = methodLane(teamId, "functions.complete");
      await enqueue(tx, "ticket.end-step", { teamId, executionId, error }, { lane });
      return {};
    }),
  );
}

function sentenceFor(texts: Texts, error: unknown): string {
  if (error instanceof NotFiled) return error.message;
  if (error instanceof Problem) return asPlain(texts.problem(error));
  throw error; // Slack delivers it again
}

function sentencesOf(faults: Record<string, string>): string {
  return Object.entries(faults)
    .map(([field, sentence]) => `${field}: ${sentence}`)
    .join("\n");
}
