import { openDatabase } from "#db/client.ts";
import { openLog } from "#platform/log.ts";
import { seedShop } from "#seed/shop.ts";

/** Makes the demo's routes in a database that never held any; true when it did. The tables must be there. */
export async function seedShopInto(databaseUrl: string): Promise<boolean> {
  const database = openDatabase({ url: databaseUrl, log: openLog("seed", "fatal") });
  try {
    return await seedShop({ database });
  } finally {
    await database.stop();
  }
}
