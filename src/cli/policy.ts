import { Command } from "commander";
import type { Policy } from "#accounts/ask.ts";

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
  return policy;
}
