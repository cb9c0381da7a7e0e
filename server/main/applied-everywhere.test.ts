import { expect, it } from "vitest";
import { appliedEverywhere } from "./applied-everywhere.ts";

const gateway = (id: string) => ({
  id,
  adminUrl: "http://127.0.0.1:1",
  edgeUrl: "http://127.0.0.1:2",
  version: "1",
  startedAtMs: 1,
});
const ack = (gatewayId: string, revision: number, incarnation = "ours") => ({
  gatewayId,
  incarnation,
  revision,
  root: "",
  refused: [],
  appliedAtMs: 1,
});

it("is the revision of the gateway that is furthest behind, while every live one has said what it applied", () => {
  const registrations = [gateway("a"), gateway("b")];
  const gone = ack("gone", 1);
  expect(appliedEverywhere({ registrations, acknowledgements: [ack("a", 7), ack("b", 5), gone] }, "ours")).toBe(5);
  expect(appliedEverywhere({ registrations, acknowledgements: [ack("a", 7), gone] }, "ours")).toBeNull();
  expect(
    appliedEverywhere({ registrations, acknowledgements: [ack("a", 7), ack("b", 9, "theirs")] }, "ours"),
  ).toBeNull();
  expect(appliedEverywhere({ registrations: [], acknowledgements: [gone] }, "ours")).toBeNull();
});
