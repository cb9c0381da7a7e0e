import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ERRORS, MeshError, type Blame, type ErrorSpec } from "./errors.ts";

const CATALOGUE = Object.entries<ErrorSpec>(ERRORS);

/**
 * The statuses that tell a client the truth about who has to act. 4xx: the same request fails again, whoever repeats it. 503:
 * not now, for a reason of ours or of capacity. 502 and 504: the service failed, or ran out of time. 500: a fault of ours.
 */
const STATUSES: Readonly<Record<Blame, readonly number[]>> = {
  caller: [400, 401, 403, 404, 408, 409, 413, 422, 429, 431],
  capacity: [503],
  upstream: [502, 503, 504],
  operator: [503],
  meshkeeper: [500, 503],
};

/** The table rows of docs/errors.md: code, status, who acts, explanation. */
const DOCUMENTED = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8")
  .split("\n")
  .map((line) => /^\| `(?<code>\w+)` \| (?<status>\d+) \| (?<blame>\w+) \| (?<text>.+) \|$/.exec(line)?.groups)
  .filter((row) => row !== undefined);

describe("the catalogue of errors", () => {
  it.each(CATALOGUE)("%s: status and blame agree", (_code, { blame, http }) => {
    expect(STATUSES[blame]).toContain(http);
  });

  it.each(CATALOGUE)("%s: the message is a sentence", (_code, { message }) => {
    expect(message).toMatch(/^[A-Z].*\.$/);
    expect(message.split(" ").length).toBeGreaterThanOrEqual(4);
  });

  it("gives every code a message of its own", () => {
    const messages = CATALOGUE.map(([, { message }]) => message);
    expect(new Set(messages).size).toBe(messages.length);
  });

  it("blames the service on every code named after it, and on no other but an open breaker", () => {
    const upstream = CATALOGUE.filter(([, { blame }]) => blame === "upstream").map(([code]) => code);
    const named = CATALOGUE.map(([code]) => code).filter((code) => code.startsWith("UPSTREAM_"));
    expect(upstream.toSorted()).toEqual(["BREAKER_OPEN", ...named].toSorted());
  });
});

describe("docs/errors.md", () => {
  it("has exactly one line for each code, in the catalogue's order", () => {
    expect(DOCUMENTED.map((row) => row["code"])).toEqual(CATALOGUE.map(([code]) => code));
  });

  it.each(DOCUMENTED)(
    "$code: has the catalogue's status and blame, and says what to do",
    ({ code, status, blame, text }) => {
      const spec: ErrorSpec | undefined = CATALOGUE.find(([name]) => name === code)?.[1];
      expect({ status: Number(status), blame }).toEqual({ status: spec?.http, blame: spec?.blame });
      expect(text).not.toBe(spec?.message);
      expect(text).toMatch(/^[A-Z].*\.$/);
    },
  );
});

describe("the catalogue", () => {
  it("has no code that nothing raises", () => {
    const server = join(import.meta.dirname, "..");
    const sources = readdirSync(server, { recursive: true, encoding: "utf8" })
      .filter((path) => /[.]ts$/.test(path) && !/generated|[.]test[.]ts$|domain[/]errors[.]ts$/.test(path))
      .map((path) => readFileSync(join(server, path), "utf8"))
      .join("\n");
    expect(CATALOGUE.map(([code]) => code).filter((code) => !sources.includes(`"${code}"`))).toEqual([]);
  });
});

describe("MeshError", () => {
  it("says the catalogue's sentence, then the facts of the case, and keeps its cause", () => {
    const cause = new Error("socket closed");
    const error = new MeshError("NOT_FOUND", { detail: "There is no route checkout.", field: "id", cause });
    expect(error.message).toBe("It does not exist, or was removed. There is no route checkout.");
    expect(error).toMatchObject({ name: "MeshError", code: "NOT_FOUND", field: "id", cause });
    expect(error.spec).toBe(ERRORS.NOT_FOUND);
  });
});
