import { expect, it } from "vitest";
import { Acknowledgement, type RefusedDocument } from "#domain/gateway-info.ts";
import { fitting } from "./gateway-presence.ts";

const ackOf = (refused: readonly RefusedDocument[]): Acknowledgement => ({
  gatewayId: "g1",
  incarnation: "db-1",
  revision: 7,
  root: "0",
  refused: [...refused],
  appliedAtMs: 1,
});
const documents = (count: number): RefusedDocument[] =>
  Array.from({ length: count }, (_, index) => ({
    key: `routes/r${index}`,
    revision: index,
    reason: 'Unrecognized key: "new" at destinations[0]',
  }));

it("leaves an acknowledgement that fits as it is", () => {
  const ack = ackOf(documents(10));
  expect(fitting(ack)).toBe(ack);
});

it("fits an acknowledgement of a gateway that refuses 20,000 documents into a node, and says how many there are", () => {
  const head: RefusedDocument = { key: "head", revision: 7, reason: "the documents read do not add up to it" };
  const said = fitting(ackOf([...documents(20_000), head]));
  expect(Buffer.byteLength(JSON.stringify(said))).toBeLessThan(200 * 1024);
  expect(Acknowledgement.safeParse(said).success).toBe(true);
  expect(said.refused).toContainEqual(head);
  const [more, ...named] = said.refused;
  expect(more).toMatchObject({ key: "more", reason: `${20_001 - named.length} more documents are refused` });
});
