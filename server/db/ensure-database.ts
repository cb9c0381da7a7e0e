import { Client } from "pg";

const CONNECT_MS = 2000;

/**
 * Makes the database that an address names when the server has none of that name.
 * @throws the driver's error when the server does not answer or refuses.
 */
export async function ensureDatabase(url: string): Promise<void> {
  const address = new URL(url);
  const name = decodeURIComponent(address.pathname.slice(1));
  address.pathname = "/postgres";
  const client = new Client({
    connectionString: address.toString(),
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: 10_000,
  });
  // A connection cut between queries would otherwise end the process.
  client.on("error", () => {});
  try {
    await client.connect();
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end().catch(() => {});
  }
}
