import { Command } from "commander";
import type { Policy } from "#accounts/ask.ts";
import { type Replayed, replayPolicy } from "#tickets/ask.ts";
import { withDatabase } from "./run.ts";
import { table } from "./table.ts";

const WHY: Record<Replayed["why"], string> = {
  redirected: "its topic is another team's: it would not have been filed",
  free: "the plan of its account is free: it would not have been filed",
  "no-contact": "this policy asks for a contact, and none was named",
  "late-contact": "no contact answered within the minutes of this policy",
  "contact-not-needed": "this policy asks for no contact",
  "contact-in-time": "a contact answered within the minutes of this policy",
};

/** `readPolicy` throws all faults of the file in one sentence each. */
export function policyCommand(readPolicy: (file: string) => Promise<Policy>): Command {
  const policy = new Command("policy").description("the vendor's policy file, DESKLINE_CONFIG");
  policy
    .command("check <file>")
    .description("say what is wrong with a policy before it is used")
    .action(async (file: string) => {
      const { accounts, topics, articles } = await readPolicy(file);
      const counts = `${accounts.length} accounts, ${topics.length} topics, ${articles.length} articles`;
      console.log(`${file} is sound: ${counts}.`);
    });
  policy
    .command("replay <file>")
    .description("say which tickets would have had another priority under a policy, and why")
    .action(async (file: string) => {
      const replayed = await readPolicy(file);
      await withDatabase(async (db) => {
        const { changed, seen } = await replayPolicy(db, replayed);
        if (changed.length > 0) console.log(`${tableOf(changed)}\n`);
        console.log(
          `${changed.length} of ${seen} tickets would stand otherwise. Nothing was changed.`,
        );
      });
    });
  return policy;
}

function tableOf(changed: readonly Replayed[]): string {
  const rows = changed.map(({ number, account, was, would, why }) => [
    ...[number, account, was, would === "none" ? "not filed" : would],
    WHY[why],
  ]);
  return table(["TICKET", "ACCOUNT", "PRIORITY", "WOULD BE", "WHY"], rows);
}
