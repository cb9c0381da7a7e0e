import { GATEWAY_MUTANTS } from "./gateway-mutants.ts";
import { REAL } from "./mutants.ts";
import { PUBLISHER_MUTANTS } from "./publisher-mutants.ts";
import { runModel } from "./run-model.ts";

/*
 * Replays one run of the model check, and prints what happened: `replay.ts <seed> [words of a mutant's name]`. Ends with
 * 1 when something happened that must not.
 */
const [seed = "1", ...words] = process.argv.slice(2);
const name = words.join(" ");
const mutants = [...PUBLISHER_MUTANTS, ...GATEWAY_MUTANTS];
const mutant = name === "" ? REAL : mutants.find((candidate) => candidate.name.includes(name));
if (mutant === undefined)
  throw new Error(`There is no such mutant; there are:\n${mutants.map((one) => one.name).join("\n")}`);
const print = (line: string): void => void process.stdout.write(`${line}\n`);
print(`${mutant.name}, seed ${seed}`);
const { violation } = await runModel(Number(seed), mutant, undefined, print);
print(violation ?? "Nothing happened that must not.");
process.exitCode = violation === null ? 0 : 1;
