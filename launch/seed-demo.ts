import { openDatabase } from "#db/client.ts";
import { ensureDatabase } from "#db/ensure-database.ts";
import { migrate } from "#db/migrate.ts";
import { openLog } from "#platform/log.ts";
import { seedShop } from "#seed/shop.ts";
import { LaunchError } from "./launch-error.ts";

/**
 * Makes the demo's routes in a database that never held any policy; true when it did. Makes the tables first if need be.
 * @throws LaunchError when the database does not answer or is not ours.
 */
export async function seedShopInto(databaseUrl: string): Promise<boolean> {
  const log = openLog("seed", "fatal");
  const database = openDatabase({ url: databaseUrl, log });
  try {
    await ensureDatabase(databaseUrl);
    await migrate({ url: databaseUrl, log });
    return await seedShop({ database });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LaunchError(
      `The demo's routes cannot be saved: ${reason}`,
      ["check DATABASE_URL, or start without the demo: NO_DEMO=1 npm start"],
      error,
    );
  } finally {
    await database.stop();
  }
}
