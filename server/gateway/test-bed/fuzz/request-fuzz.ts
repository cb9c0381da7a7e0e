import { canonicalPath } from "#domain/canonical-path.ts";
import { REQUEST_CORPUS } from "../corpus/request-corpus.ts";
import { addedTo, TrialMesh } from "../corpus/trial-mesh.ts";
import type { SeenRequest } from "../recording-upstream.ts";
import { converse, turn } from "../wire.ts";
import { LlhttpServer, type ReadRequest } from "./llhttp.ts";
import { cut, mutate } from "./mutate.ts";
import { Random } from "./random.ts";

export interface FuzzOptions {
  readonly seed: number;
  /** How long, ms; what was begun is finished. */
  readonly forMs: number;
  /** Gateways that are tried at a time, each with a service of its own. */
  readonly lanes: number;
}

export interface FuzzReport {
  /** Conversations held. */
  tried: number;
  /** Requests that came to a service whole. */
  forwarded: number;
  /** Conversations in which Node's parser refused something. */
  refusedByLlhttp: number;
  /** What must not happen, with the bytes that made it happen. */
  readonly findings: string[];
}

const AFTER = "GET /after HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n";
const BASES = REQUEST_CORPUS.map(({ bytes }) => bytes).filter((bytes) => bytes.length <= 600);
/** Each fault is found many times. */
const MAX_FINDINGS = 10;

/**
 * Sends almost valid requests to gateways and to Node's parser. Whatever that refuses must not be forwarded; what is
 * forwarded must be what it reads, in that order and as often; and a gateway accounts for as many as its service saw.
 */
export async function fuzzRequests({ seed, forMs, lanes }: FuzzOptions): Promise<FuzzReport> {
  const report: FuzzReport = { tried: 0, forwarded: 0, refusedByLlhttp: 0, findings: [] };
  const llhttp = new LlhttpServer();
  const endsAt = performance.now() + forMs;
  const goesOn = (): boolean => performance.now() < endsAt && report.findings.length < MAX_FINDINGS;
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      const random = new Random(seed + lane);
      const trial = await TrialMesh.start();
      const before = await trial.account();
      const seen = { begun: 0, whole: 0 };
      while (goesOn()) {
        const bytes = nextInput(random);
        const pieces = cut(bytes, random);
        trial.upstream.clear();
        await talk(trial, pieces);
        const { requests, error } = await llhttp.read(bytes);
        const problems = [...trial.upstream.faults, ...disagreements(trial.upstream.complete, requests)];
        for (const problem of problems)
          report.findings.push(`${problem}\n  sent ${JSON.stringify(pieces)}, llhttp: ${error}`);
        report.tried += 1;
        report.forwarded += trial.upstream.complete.length;
        if (error !== null) report.refusedByLlhttp += 1;
        seen.begun += trial.upstream.seen.length;
        seen.whole += trial.upstream.complete.length;
      }
      const account = [...addedTo(before, await trial.account())];
      const sum = (keys: RegExp): number =>
        account.reduce((total, [key, count]) => total + (keys.test(key) ? count : 0), 0);
      if (seen.begun > sum(/^all /)) report.findings.push(`${seen.begun} requests sent, ${sum(/^all /)} accounted for`);
      if (sum(/^all 200/) > seen.whole)
        report.findings.push(`${sum(/^all 200/)} answered, ${seen.whole} at the service`);
      await trial.stop();
    }),
  );
  return report;
}

function nextInput(random: Random): string {
  const base = random.pick(BASES) ?? AFTER;
  const other = random.pick(BASES) ?? AFTER;
  return random.below(4) === 0 ? mutate(base, other, random) : mutate(base + AFTER, other, random);
}

/** Leaves when nothing more comes: every step between client and service takes a turn or two. */
async function talk({ port }: TrialMesh, pieces: readonly string[]): Promise<void> {
  let quietTurns = 0;
  let over = false;
  let leave = (): void => undefined;
  const said = converse(port, pieces, {
    enough: () => {
      quietTurns = 0;
      return false;
    },
    onConnect: (close) => (leave = close),
  }).finally(() => (over = true));
  while (!over) {
    quietTurns += 1;
    if (quietTurns > QUIET_TURNS) leave();
    await turn();
  }
  await said;
  for (let index = 0; index < 4; index += 1) await turn();
}
const QUIET_TURNS = 60;

/** Requests at the service that Node's parser did not read, or read otherwise. Some that it reads may be missing. */
function* disagreements(seen: readonly SeenRequest[], read: readonly ReadRequest[]): Generator<string> {
  const left = [...read];
  for (const { method, target, body } of seen) {
    for (;;) {
      const next = left.shift();
      if (next === undefined) {
        yield `forwarded, but not what llhttp reads: ${method} ${target} with ${JSON.stringify(body)}; it reads ${JSON.stringify(read)}`;
        return;
      }
      if (next.method === method && next.body === body && canonicalTarget(next.target) === target) break;
    }
  }
}

function canonicalTarget(target: string): string | null {
  const origin = target.replace(/^http:\/\/[^/?#]*/i, "");
  const mark = origin.indexOf("?");
  const path = mark === -1 ? origin : origin.slice(0, mark);
  const canonical = canonicalPath(path === "" ? "/" : path);
  return canonical === null ? null : canonical.path + (mark === -1 ? "" : origin.slice(mark));
}
