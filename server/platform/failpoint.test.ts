import { execFile } from "node:child_process";
import { describe, expect, it } from "vitest";

/** Passes a place three times, and says so each time; resolves to what it said and the signal that ended it. */
function passThrice(arm: string): Promise<{ said: string; signal: unknown }> {
  const script = `
    import { armFailpoint, failpoint } from "${new URL("failpoint.ts", import.meta.url).href}";
    import { writeSync } from "node:fs";
    ${arm}
    for (const turn of [1, 2, 3]) {
      failpoint("edit.begun");
      writeSync(1, String(turn));
    }
  `;
  return new Promise((resolve) =>
    execFile(process.execPath, ["--input-type=module", "-e", script], (error, stdout) =>
      resolve({ said: stdout, signal: error?.signal ?? null }),
    ),
  );
}

describe("a failpoint", () => {
  it("does nothing in a process that armed none, whatever its environment says", async () => {
    expect(await passThrice("process.env.FAILPOINT = 'edit.begun';")).toEqual({ said: "123", signal: null });
  });

  it("ends the process where it was armed, at the passing it was armed for: no further line runs", async () => {
    const armed = `armFailpoint({ name: "edit.begun", hit: 2, signal: "SIGKILL" });`;
    expect(await passThrice(armed)).toEqual({ said: "1", signal: "SIGKILL" });
  });

  it("leaves every other place alone", async () => {
    const armed = `armFailpoint({ name: "edit.audited", hit: 1, signal: "SIGKILL" });`;
    expect(await passThrice(armed)).toEqual({ said: "123", signal: null });
  });
});
