import fc from "fast-check";
import { expect, it } from "vitest";
import { HeldPieces } from "./held-pieces.ts";

it("whoever holds pieces gets its own, whole and in order, whatever others hold and let go of meanwhile", () => {
  const Step = fc.record({
    holder: fc.nat({ max: 5 }),
    what: fc.constantFrom("add", "add", "add", "take", "drop"),
    bytes: fc.oneof(fc.nat({ max: 2000 }), fc.nat({ max: 100_000 })),
  });
  fc.assert(
    fc.property(fc.array(Step, { maxLength: 60 }), (steps) => {
      const holders = Array.from({ length: 6 }, () => new HeldPieces());
      const expected = holders.map((): Buffer[] => []);
      for (const [number, { holder, what, bytes }] of steps.entries()) {
        const own = expected[holder] ?? [];
        if (what === "add") {
          const volatile = Buffer.alloc(bytes, number % 251);
          holders[holder]?.add(volatile);
          own.push(Buffer.from(volatile));
          volatile.fill(255);
        } else {
          const taken: Buffer[] = [];
          if (what === "take") holders[holder]?.take((piece) => taken.push(Buffer.from(piece)));
          else holders[holder]?.drop();
          expect(Buffer.concat(taken).equals(Buffer.concat(what === "take" ? own : []))).toBe(true);
          expected[holder] = [];
        }
      }
    }),
    { numRuns: 300 },
  );
});
