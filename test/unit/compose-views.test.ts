import { expect, it } from "vitest";
import { textsOf } from "#text/texts.ts";
import { composerModal, previewModal, REMOVE_FILES } from "#tickets/compose-views.ts";
import { outgoingRow, ticket } from "../support/ticket-rows.ts";
import { textOf } from "../support/ticket-walk.ts";

const t = textsOf("en");
const IN_SLACK = ticket();
const ON_THE_WEB = { ...ticket(), asked_team_id: null, requester_email: "mika@acme.example" };
const FILES = [
  { id: "F1", name: "fix.log" },
  { id: "F2", name: "<!channel> *b*.log" },
];

it.each(["reply", "ask"] as const)("takes files with a %s to somebody in Slack alone", (step) => {
  expect(inputsOf(composerModal(t, IN_SLACK, { step, canned: [] }))).toContain("file_input");

  const byMail = composerModal(t, ON_THE_WEB, { step, canned: [] });
  expect(inputsOf(byMail)).not.toContain("file_input");
  expect(textOf(byMail.blocks)).toContain("no files can be sent");
});

it("takes none with a workaround", () => {
  const modal = composerModal(t, IN_SLACK, { step: "offer", canned: [] });

  expect(inputsOf(modal)).not.toContain("file_input");
});

it("names what is sent along, made safe, and lets it be taken out", () => {
  const outgoing = outgoingRow({ files: FILES });
  const names = "Attachments: fix.log · &lt;!channel&gt; ∗b∗.log";

  const again = composerModal(t, IN_SLACK, { step: "reply", canned: [], kept: outgoing });
  expect(textOf(again.blocks)).toContain(names);
  expect(JSON.stringify(again.blocks)).toContain(REMOVE_FILES);
  const check = previewModal(t, IN_SLACK, {
    outgoing,
    recipients: { by: "dm" },
    repeated: undefined,
  });
  expect(textOf(check.blocks)).toContain(names);
  expect(JSON.stringify(check.blocks)).not.toContain(REMOVE_FILES);
});

function inputsOf({ blocks }: ReturnType<typeof composerModal>): string[] {
  return blocks.flatMap((block) => ("element" in block ? block.element.type : []));
}
