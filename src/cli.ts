import { Command } from "commander";
import * as accounts from "#accounts/store.ts";
import { accountCommand } from "#cli/account.ts";
import { installCommand } from "#cli/install.ts";
import { jobsCommand } from "#cli/jobs.ts";
import { manifestCommand } from "#cli/manifest.ts";
import { migrateCommand } from "#cli/migrate.ts";
import { noticesCommand } from "#cli/notices.ts";
import { runCommand } from "#cli/run.ts";

const program = new Command("deskline").description("The operator's command of Deskline");
program.addCommand(manifestCommand());
program.addCommand(migrateCommand());
program.addCommand(installCommand(accounts));
program.addCommand(accountCommand(accounts));
program.addCommand(jobsCommand());
program.addCommand(noticesCommand());
await runCommand(program);
