import { createServer, connect, type AddressInfo } from "node:net";

/** A way to PostgreSQL on which the answer to a COMMIT can get lost, after PostgreSQL has committed. */
export interface LossyDatabase {
  readonly url: string;
  /** The next COMMIT is carried out, and its connection breaks before the answer arrives. */
  loseNextCommit(): void;
  stop(): Promise<void>;
}

export async function startLossyDatabase(url: string): Promise<LossyDatabase> {
  const target = new URL(url);
  let armed = false;
  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname);
    let losing = false;
    client.on("data", (data) => {
      // The whole statement: every transaction begins with one that says READ COMMITTED.
      if (armed && data.includes("COMMIT\0")) {
        armed = false;
        losing = true;
      }
      database.write(data);
    });
    database.on("data", (data) => {
      if (losing) client.destroy();
      else client.write(data);
    });
    for (const [from, to] of [
      [client, database],
      [database, client],
    ] as const)
      from.on("error", () => undefined).on("close", () => to.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const through = new URL(url);
  through.port = String(portOf(server.address()));
  return {
    url: through.href,
    loseNextCommit() {
      armed = true;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}
