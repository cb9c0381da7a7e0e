import { expect, it } from "vitest";
import { ConsoleEnv, readEnv } from "#platform/env.ts";
import { streamRules } from "./stream-rules.ts";

const rulesOf = (settings: Record<string, string> = {}): ReturnType<typeof streamRules> =>
  streamRules(
    readEnv(ConsoleEnv, { DATABASE_URL: "postgresql://u:p@127.0.0.1/mesh", ZOOKEEPER: "127.0.0.1:2181", ...settings }),
    3000,
  );

it("leads no stream to loopback or where clouds hand out credentials, unless the settings say so", () => {
  const addresses = ["127.0.0.1", "169.254.169.254", "10.0.0.7"];
  expect(addresses.map((address) => rulesOf().check(address, 8080))).toEqual([false, false, true]);
  const rules = rulesOf({ CONSOLE_HYSTRIX_ALLOW: "127.0.0.0/8,10.0.0.0/8", CONSOLE_HYSTRIX_DENY: "10.0.0.7" });
  expect(addresses.map((address) => rules.check(address, 8080))).toEqual([true, false, false]);
});

it("leads none to the console itself, its database or ZooKeeper, whatever the settings say", () => {
  const rules = rulesOf({ CONSOLE_HYSTRIX_ALLOW: "127.0.0.0/8" });
  expect([3000, 5432, 2181, 8080].map((port) => rules.check("127.0.0.1", port))).toEqual([false, false, false, true]);
});
