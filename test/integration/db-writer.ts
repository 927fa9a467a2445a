import { connect } from "#db/connect.ts";
import { migrate } from "#db/migrate.ts";

/** Opens the embedded database and says so; with "write" it adds accounts and names each one once it is committed. */
const [folder = "", task] = process.argv.slice(2);

const { db } = await connect({ folder });
await migrate(db);
console.log("open");
for (let n = 0; task === "write"; n++) {
  const id = `a${process.pid}-${n}`;
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto("account")
      .values({ id, name: "x".repeat(500) })
      .execute();
    await tx
      .insertInto("account_admin")
      .values({ account_id: id, team_id: "T", user_id: "U" })
      .execute();
  });
  console.log(id);
}
setInterval(() => {}, 60_000); // holds the folder until it is killed
