import { AddressRules } from "#platform/address-rules.ts";
import type { ConsoleEnv } from "#platform/env.ts";
import { parseServers } from "#zookeeper/servers.ts";

const POSTGRES_PORT = 5432;

/**
 * Where streams of instances may be fetched from: as the settings say, but never from the console itself, its database or
 * ZooKeeper. Whoever may write to the registry would else have them asked in the console's name.
 */
export function streamRules(env: ConsoleEnv, consolePort: number): AddressRules {
  const rules = new AddressRules({ allow: env.CONSOLE_HYSTRIX_ALLOW, deny: env.CONSOLE_HYSTRIX_DENY });
  rules.guard({ host: env.CONSOLE_HOST, port: consolePort });
  for (const server of parseServers(env.ZOOKEEPER).servers) rules.guard(server);
  const database = URL.parse(env.DATABASE_URL);
  if (database !== null && database.hostname !== "")
    rules.guard({ host: database.hostname.replace(/^\[(.*)\]$/, "$1"), port: Number(database.port || POSTGRES_PORT) });
  return rules;
}
