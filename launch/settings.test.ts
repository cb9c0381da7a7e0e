import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { ConsoleEnv, GatewayEnv } from "#platform/env.ts";
import { HOME } from "./home.ts";
import { LaunchEnv, readSettings, TestEnv } from "./settings.ts";

/** Name → default as the table writes it. Where the launcher knows a setting, its default is the one people meet. */
function documentedByCode(): Map<string, string> {
  const table = new Map<string, string>();
  for (const schema of [TestEnv, GatewayEnv, ConsoleEnv, LaunchEnv]) {
    for (const [name, field] of Object.entries(schema.shape)) table.set(name, defaultOf(field));
  }
  return table;
}

function defaultOf(field: z.ZodType): string {
  const result = field.safeParse(undefined);
  const value = result.success ? result.data : undefined;
  if (value === undefined || value === "" || value === false || (Array.isArray(value) && value.length === 0))
    return "none";
  if (typeof value !== "string" && typeof value !== "number")
    throw new Error(`a default of an unknown kind: ${JSON.stringify(value)}`);
  return `\`${String(value).replace(hostname().replace(/[^A-Za-z0-9._-]/g, "-"), "<hostname>")}\``;
}

function documentedInReadme(): Map<string, string> {
  const rows = readFileSync(join(HOME, "README.md"), "utf8").matchAll(/^\| `([A-Z_]+)` \| ([^|]*?) \|/gm);
  return new Map([...rows].map(([, name = "", fallback = ""]) => [name, fallback]));
}

describe("README's table of settings", () => {
  it("has every setting with its default, and no other", () => {
    expect(Object.fromEntries(documentedInReadme())).toEqual(Object.fromEntries(documentedByCode()));
  });
});

describe("readSettings", () => {
  it("is content with an empty environment", () => {
    const settings = readSettings({});
    expect(settings.CONSOLE_PORT).toBe(3000);
    expect(settings.NO_DEMO).toBe(false);
    expect(settings.DATA_DIR).toBe(resolve(".data"));
  });

  it("names each variable that is wrong, and prints no value", () => {
    const wrong = {
      CONSOLE_PORT: "many",
      ZOOKEEPER: "nonsense",
      DATABASE_URL: "mysql://user:secret@host/db",
      DEMO_RATE: "-1",
    };
    expect(() => readSettings(wrong)).toThrow(/CONSOLE_PORT must be a port number/);
    expect(() => readSettings(wrong)).toThrow(/ZOOKEEPER must be host:port/);
    expect(() => readSettings(wrong)).toThrow(/DATABASE_URL must be postgresql:/);
    expect(() => readSettings(wrong)).toThrow(/DEMO_RATE must be a number from 0 to 500/);
    expect(() => readSettings(wrong)).not.toThrow(/secret|nonsense/);
  });

  it("takes NO_DEMO=1 for yes, and 0, false and nothing for no", () => {
    expect(readSettings({ NO_DEMO: "1" }).NO_DEMO).toBe(true);
    expect(readSettings({ NO_DEMO: "yes" }).NO_DEMO).toBe(true);
    for (const no of ["0", "false", "False", ""]) expect(readSettings({ NO_DEMO: no }).NO_DEMO).toBe(false);
  });
});
