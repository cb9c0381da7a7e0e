import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { REQUEST_CORPUS } from "../test-bed/corpus/request-corpus.ts";
import { tryRequest } from "../test-bed/corpus/request-trial.ts";
import { TrialMesh } from "../test-bed/corpus/trial-mesh.ts";

let trial: TrialMesh;
beforeAll(async () => {
  trial = await TrialMesh.start();
});
afterAll(() => trial.stop());

/** In the soak they are cut at every byte. */
const CUTS = 12;

describe.each(["refused", "broken", "forwarded"] as const)("%s: whole, in pieces, between other requests", (kind) => {
  const cases = REQUEST_CORPUS.filter(({ expected }) => expected.kind === kind);

  it.each(cases)("$name", async (one) => {
    expect(await tryRequest(trial, one, { cuts: CUTS })).toEqual([]);
  });
});
