import { describe, expect, it } from "vitest";
import { Lifecycle, type Part } from "./lifecycle.ts";
import { openLog } from "./log.ts";

const log = openLog("test", "silent");

function partsThatTell(events: string[]): (name: string) => Part {
  return (name) => {
    events.push(`start ${name}`);
    return { name, stop: async () => void events.push(`stop ${name}`) };
  };
}

describe("Lifecycle", () => {
  it("stops parts in the reverse of the order in which they started", async () => {
    const events: string[] = [];
    const part = partsThatTell(events);
    const life = new Lifecycle(log);
    for (const name of ["session", "follower", "listener"]) await life.start(() => part(name));
    await life.stop();
    expect(events.slice(3)).toEqual(["stop listener", "stop follower", "stop session"]);
  });

  it("stops what had started when a later part fails to start, and passes the failure on", async () => {
    const events: string[] = [];
    const part = partsThatTell(events);
    const life = new Lifecycle(log);
    await life.start(() => part("session"));
    const failed = life.start(async () => Promise.reject(new Error("port taken")));
    await expect(failed).rejects.toThrow("port taken");
    expect(events).toEqual(["start session", "stop session"]);
  });

  it("stops the others when one fails to stop", async () => {
    const events: string[] = [];
    const part = partsThatTell(events);
    const life = new Lifecycle(log);
    await life.start(() => part("session"));
    await life.start(() => ({ name: "stuck", stop: async () => Promise.reject(new Error("stuck")) }));
    await life.start(() => part("listener"));
    await life.stop();
    expect(events.slice(2)).toEqual(["stop listener", "stop session"]);
  });

  it("stops everything once, however often it is asked, and each asker waits for the end", async () => {
    const events: string[] = [];
    const life = new Lifecycle(log);
    await life.start(() => partsThatTell(events)("session"));
    await Promise.all([life.stop(), life.stop()]);
    await life.stop();
    expect(events).toEqual(["start session", "stop session"]);
  });
});
