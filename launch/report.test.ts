import { describe, expect, it } from "vitest";
import { formatDuration, reportTo } from "./report.ts";

function terminal(isTTY: boolean): { isTTY: boolean; text: string; write(text: string): void } {
  return {
    isTTY,
    text: "",
    write(text) {
      this.text += text;
    },
  };
}

describe("reportTo", () => {
  it("writes whole lines and no control characters where a line cannot be redrawn", async () => {
    const out = terminal(false);
    let now = 0;
    await reportTo(out, () => now).step("PostgreSQL", (note) => {
      now = 1500;
      note("127.0.0.1:5432");
    });
    expect(out.text).toBe("  ✓ PostgreSQL: 127.0.0.1:5432 (1.5 s)\n");
  });

  it("replaces the running line on a terminal", async () => {
    const out = terminal(true);
    await reportTo(out, () => 0).step("PostgreSQL", () => undefined);
    expect(out.text).toBe("  … PostgreSQL\r\x1b[2K  ✓ PostgreSQL (0.0 s)\n");
  });

  it("marks a step that failed and passes its error on", async () => {
    const out = terminal(false);
    const failing = reportTo(out, () => 0).step("PostgreSQL", () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect(out.text).toBe("  ✗ PostgreSQL (0.0 s)\n");
  });
});

describe("formatDuration", () => {
  it("is short and keeps its unit", () => {
    expect(formatDuration(80)).toBe("0.1 s");
    expect(formatDuration(12_340)).toBe("12.3 s");
    expect(formatDuration(125_000)).toBe("2 min 5 s");
  });
});
