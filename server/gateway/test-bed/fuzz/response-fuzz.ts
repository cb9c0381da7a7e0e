import { to } from "../corpus/request-case.ts";
import { RESPONSE_CORPUS } from "../corpus/response-corpus.ts";
import { ResponseBench } from "../corpus/response-trial.ts";
import { converse, readAnswers, turn } from "../wire.ts";
import { llhttpReadsResponse } from "./llhttp.ts";
import { cut, mutate } from "./mutate.ts";
import { Random } from "./random.ts";
import type { FuzzOptions, FuzzReport } from "./request-fuzz.ts";

const BASES = RESPONSE_CORPUS.filter(({ bytes }) => bytes.length > 0 && bytes.length <= 600);
const MAX_FINDINGS = 10;

/**
 * Lets services give almost valid answers. What a client behind the gateway can take for a complete answer must be what
 * Node's parser reads from the service's bytes; and the request after it gets its own answer.
 */
export async function fuzzResponses({ seed, forMs, lanes }: FuzzOptions): Promise<FuzzReport> {
  const report: FuzzReport = { tried: 0, forwarded: 0, refusedByLlhttp: 0, findings: [] };
  const endsAt = performance.now() + forMs;
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      const random = new Random(seed + lane);
      const bench = await ResponseBench.start();
      while (performance.now() < endsAt && report.findings.length < MAX_FINDINGS) {
        const base = random.pick(BASES);
        if (base === undefined) break;
        const { method } = base;
        const bytes = mutate(base.bytes, random.pick(BASES)?.bytes ?? "", random);
        const pieces = cut(bytes, random);
        const problem = await tryOne(bench, method, bytes, pieces, report);
        if (problem !== null)
          report.findings.push(`${problem}\n  ${method} was answered with ${JSON.stringify(pieces)}`);
        report.tried += 1;
      }
      await bench.stop();
    }),
  );
  return report;
}

async function tryOne(
  bench: ResponseBench,
  method: "GET" | "HEAD",
  bytes: string,
  pieces: readonly string[],
  report: FuzzReport,
): Promise<string | null> {
  bench.script = { pieces, closes: true };
  const { text, end } = await converse(bench.port, [`${method} /case HTTP/1.1\r\nHost: a.test\r\n\r\n`], {
    enough: (seen) => readAnswers(seen, [method], false).answers[0]?.complete === true,
  });
  await bench.written;
  for (let index = 0; index < 3; index += 1) await turn();
  const next = await converse(bench.port, [to("/next")], { enough: (seen) => seen.endsWith("next") });
  if (!/^HTTP\/1\.1 200 [^]*\r\n\r\nnext$/.test(next.text)) return `the next request got ${JSON.stringify(next.text)}`;
  if (end === "timeout") return "no answer, and the connection stayed open";
  const { answers, rest } = readAnswers(text, [method], end === "closed");
  const [answer] = answers;
  const read = await llhttpReadsResponse(bytes, method, true);
  if (read === null) report.refusedByLlhttp += 1;
  if (rest !== "") return `bytes that are no answer: ${JSON.stringify(rest)}`;
  if (answer === undefined || !answer.complete) return null;
  if (answer.fields.some(([name, value]) => name === "content-type" && value === "application/problem+json"))
    return null;
  report.forwarded += 1;
  if (read?.status === answer.status && read.body === answer.body) return null;
  return `the client sees ${answer.status} ${JSON.stringify(answer.body)}, llhttp reads ${JSON.stringify(read)}`;
}
