import { describe, expect, it } from "vitest";
import type { AuditEntry } from "./audit.ts";
import { auditText, CHAIN_START, walkChain } from "./audit-chain.ts";

// Not a real hash: the chain needs only that different texts differ.
const hashOf = (text: string): string => `h(${text})`;

function chain(length: number): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let sequence = 1; sequence <= length; sequence += 1) {
    const unsigned = {
      sequence,
      atMs: 1000 + sequence,
      actor: { kind: "person", id: "ada", name: "Ada" },
      action: "route.update",
      target: "routes/shop",
      summary: `Edit ${sequence}`,
      before: { weight: sequence },
      after: null,
      revision: sequence,
      previousHash: entries.at(-1)?.hash ?? "",
    } as const;
    entries.push({ ...unsigned, hash: hashOf(auditText(unsigned)) });
  }
  return entries;
}

describe("the audit chain", () => {
  it("holds as it was written, in one walk or several", () => {
    const entries = chain(5);
    expect(walkChain(CHAIN_START, entries, hashOf)).toEqual({
      position: { sequence: 5, hash: entries[4]?.hash },
      firstBroken: null,
    });
    const { position } = walkChain(CHAIN_START, entries.slice(0, 2), hashOf);
    expect(walkChain(position, entries.slice(2), hashOf).firstBroken).toBeNull();
  });

  const forgeries: readonly (readonly [string, Partial<AuditEntry>])[] = [
    ["time", { atMs: 0 }],
    ["actor", { actor: { kind: "person", id: "ada", name: "Bob" } }],
    ["action", { action: "route.remove" }],
    ["target", { target: "routes/cart" }],
    ["summary", { summary: "" }],
    ["before", { before: { weight: 99 } }],
    ["after", { after: {} }],
    ["revision", { revision: null }],
    ["previous hash", { previousHash: "h()" }],
    ["hash", { hash: "h()" }],
  ];
  it.each(forgeries)("breaks at the entry whose %s was changed", (_, change) => {
    const entries = chain(4).map((entry) => (entry.sequence === 3 ? { ...entry, ...change } : entry));
    expect(walkChain(CHAIN_START, entries, hashOf).firstBroken).toBe(3);
  });

  it("breaks after an entry whose hash was made to fit its change", () => {
    const entries = chain(4);
    const forged = { ...chain(4)[1], summary: "nothing" } as AuditEntry;
    entries[1] = { ...forged, hash: hashOf(auditText(forged)) };
    expect(walkChain(CHAIN_START, entries, hashOf).firstBroken).toBe(3);
  });

  it("breaks where an entry is missing or two changed places", () => {
    const [one, two, three, four] = chain(4) as [AuditEntry, AuditEntry, AuditEntry, AuditEntry];
    expect(walkChain(CHAIN_START, [one, three, four], hashOf).firstBroken).toBe(2);
    expect(walkChain(CHAIN_START, [two, three], hashOf).firstBroken).toBe(1);
    expect(walkChain(CHAIN_START, [one, three, two, four], hashOf).firstBroken).toBe(2);
  });
});
