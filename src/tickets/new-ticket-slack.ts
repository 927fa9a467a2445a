import { type PolicyNow, topicOf } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import type { Draw } from "#slack/modals.ts";
import type { Values } from "#slack/payloads.ts";
import type { KnownPerson, People } from "#slack/people.ts";
import type { Caller, ChangeCall, Door, ShortcutCall, SubmitCall } from "#slack/replies.ts";
import { findScores, saveVote } from "./article-votes.ts";
import { OPEN_NEW_TICKET } from "./ask.ts";
import { readDraft, topicFaults } from "./draft-faults.ts";
import { type FormPlace, NOWHERE, readPlace } from "./form-place.ts";
import { submittedModal } from "./forms.ts";
import { asksForHelp, helpMessage } from "./help.ts";
import {
  NEW_TICKET,
  NEW_TICKET_CHANGED,
  type NewTicketForm,
  newTicketModal,
} from "./new-ticket-form.ts";
import type { Plans } from "./plan-memory.ts";
import { ARTICLE_VOTE, SELF_SERVICE_CHANGED, selfServiceModal } from "./self-service-views.ts";
import { submitTicket } from "./submit.ts";
import { TicketDraft } from "./ticket.ts";

export type NewTicketNeeds = { db: Db; people: People; policy: PolicyNow; plans: Plans };

/** From the doors that open the form to the ticket that is saved. */
export function registerNewTicket(door: Door, needs: NewTicketNeeds): void {
  door.command(
    "/ticket",
    async (call) => {
      if (asksForHelp(call.text)) return call.answer(helpMessage(call.caller.texts));
      await openNewTicket(call, needs, { place: placeOf(call), subject: call.text });
    },
    "opens-at-once",
  );
  door.press(
    OPEN_NEW_TICKET,
    (call) => openNewTicket(call, needs, { place: placeOf(call) }),
    "opens-at-once",
  );
  door.shortcut(OPEN_NEW_TICKET, (call) => openNewTicket(call, needs, { place: NOWHERE }));
  door.change(NEW_TICKET_CHANGED, (call) => changeForm(call, needs));
  door.change(SELF_SERVICE_CHANGED, (call) => changeForm(call, needs));
  door.change(ARTICLE_VOTE.yes, (call) => vote(call, needs, true));
  door.change(ARTICLE_VOTE.no, (call) => vote(call, needs, false));
  door.submit(NEW_TICKET, (call) => submitNewTicket(call, needs));
}

type Opening = Pick<ShortcutCall, "caller" | "open">;
type Prefilled = Pick<NewTicketForm, "place" | "subject" | "description">;

/** The form stands before anybody asks which plan it is: a free one turns into self-service. */
export async function openNewTicket(
  { caller, open }: Opening,
  needs: NewTicketNeeds,
  given: Prefilled,
) {
  await open(
    (texts) => newTicketModal(texts, { ...given, policy: needs.policy() }),
    () => selfServiceIfFree(caller, needs, given.place),
  );
}

/** What stands in place of the form where the plan has no tickets. */
export async function selfServiceIfFree(
  { teamId }: Caller,
  { policy, plans }: NewTicketNeeds,
  place: FormPlace,
): Promise<Draw | undefined> {
  const isFree = await plans.isFree({ teamId, channelId: place.channelId });
  return isFree ? (texts) => selfServiceModal(texts, { policy: policy(), place }) : undefined;
}

/** Whoever was faster than the look at their plan is not left to fill a form that cannot be sent. */
async function changeForm(call: ChangeCall, needs: NewTicketNeeds): Promise<void> {
  const { caller, values, metadata, redraw } = call;
  const place = readPlace(metadata);
  const policy = needs.policy();
  const [isFree, scores] = await Promise.all([
    needs.plans.wasFree({ teamId: caller.teamId, channelId: place.channelId }),
    findScores(needs.db, topicOf(policy, values.topic ?? "")?.articles ?? [], caller),
  ]);
  const { topic: topicId = "" } = values;
  await redraw(
    isFree
      ? selfServiceModal(caller.texts, { policy, topicId, place, scores })
      : newTicketModal(caller.texts, { place, policy, values, scores }),
  );
}

/** Whether an article helped. One that the policy does not have is nobody's to vote on. */
async function vote(call: ChangeCall, needs: NewTicketNeeds, isHelpful: boolean): Promise<void> {
  const { caller, value } = call;
  const isKnown = needs.policy().articles.some(({ id }) => id === value);
  if (isKnown) await saveVote(needs.db, value, caller, isHelpful);
  await changeForm(call, needs);
}

async function submitNewTicket(call: SubmitCall, needs: NewTicketNeeds): Promise<void> {
  const { caller, values, metadata, key } = call;
  const place = readPlace(metadata); // for where to answer: whose account that is, and what it may, is asked below
  const { texts, teamId } = caller;
  const { db, people } = needs;
  const policy = needs.policy(); // one and the same to its end, also when the file changes meanwhile
  const showAgain = (faults: Record<string, string>) =>
    call.show(newTicketModal(texts, { place, policy, values, faults }));
  const topic = topicOf(policy, values.topic ?? "");
  if (topic?.redirect) return showAgain(topicFaults(texts, policy, topic.id));
  const [read, requester] = await Promise.all([
    readDraft(people, caller, { policy, values, schema: TicketDraft }),
    requesterOf(people, caller),
  ]);
  if ("faults" in read)
    return isShown(read.faults, values) ? call.refuse(read.faults) : showAgain(read.faults);

  const { number } = await submitTicket(db, read.draft, {
    key,
    teamId,
    ...place,
    requester,
    topicName: topic?.name[requester.language], // the form may have come before Slack said which that is
    contact: read.contact,
  });
  await call.show(submittedModal(texts, { number, channelId: place.channelId }));
}

function placeOf({ channelId = "" }: { channelId: string | undefined }): FormPlace {
  return { channelId };
}

/** Whoever submits faster than the form changes has not seen the field that is missing: it stands there now. */
function isShown(faults: Record<string, string>, values: Values): boolean {
  return Object.keys(faults).every((field) => field in values);
}

/** Whoever was faster than Slack's answer about them is asked about now: the ticket keeps their name and language. */
async function requesterOf(people: People, caller: Caller): Promise<KnownPerson> {
  return (await people.meet(caller)) ?? { ...caller, timeZone: "UTC" };
}
