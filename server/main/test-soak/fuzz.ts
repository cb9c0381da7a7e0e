import { setImmediate as turn } from "node:timers/promises";
import {
  fuzzDubboNames,
  fuzzInstanceBodies,
  fuzzPolicyBodies,
  type FuzzTally,
} from "#zookeeper/test-bed/fuzz-znodes.ts";
import type { PartRun } from "./parts.ts";
import type { Outcome } from "./rounds.ts";

const IN_ONE_GO = 1000;

/** `count` bodies of znodes, of instances, of Dubbo's names and of published documents in turn: none may throw, or change another key. */
export async function fuzz({ count, seed, untilMs, onProgress }: PartRun): Promise<Outcome> {
  const kinds = [fuzzInstanceBodies, fuzzDubboNames, fuzzPolicyBodies];
  const tallies: FuzzTally[] = [];
  let done = 0;
  for (let go = 0; done < count && performance.now() < untilMs; go += 1) {
    const tried = kinds[go % kinds.length] ?? fuzzInstanceBodies;
    tallies.push(tried(seed + go, Math.min(IN_ONE_GO, count - done)));
    done += IN_ONE_GO;
    onProgress(done, count, tallies.filter(({ threw, effects }) => threw + effects > 0).length);
    await turn();
  }
  const sum = (of: (tally: FuzzTally) => number): number => tallies.reduce((total, tally) => total + of(tally), 0);
  return {
    rounds: sum(({ bodies }) => bodies),
    figures: {
      accepted: sum(({ accepted }) => accepted),
      threw: sum(({ threw }) => threw),
      "effects on other keys": sum(({ effects }) => effects),
    },
    failures: tallies.flatMap(({ findings }) => findings),
  };
}
