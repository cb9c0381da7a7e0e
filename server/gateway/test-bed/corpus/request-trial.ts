import { converse, readAnswers, turn, type Conversation } from "../wire.ts";
import type { RecordingUpstream, SeenRequest } from "../recording-upstream.ts";
import { to, type RequestCase } from "./request-case.ts";
import { addedTo, type Account, type TrialMesh } from "./trial-mesh.ts";

/** One way to send a case's bytes. */
interface Variant {
  readonly name: string;
  readonly pieces: readonly string[];
  /** With `GET /before` sent in front of the case. */
  readonly behind: boolean;
  /** With `GET /after`, the last on its connection, sent behind the case. */
  readonly followed: boolean;
}

export interface TrialOptions {
  /** At how many places at most the bytes are cut in two; spread over them evenly. */
  readonly cuts: number;
}

const BEFORE = to("/before");
const AFTER = "GET /after HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n";
/** Longer ones are not sent byte by byte. */
const BYTEWISE_LIMIT = 400;
/** Conversations at a time. */
const AT_ONCE = 32;

/**
 * Sends a case alone, with a request behind it, in front of it, byte by byte, and cut in two at many places; returns what
 * went wrong, one line each.
 */
export async function tryRequest(trial: TrialMesh, one: RequestCase, options: TrialOptions): Promise<string[]> {
  const { expected } = one;
  const wrong = await tryOnce(trial, one, options);
  if (wrong.length === 0 || expected.kind !== "forwarded" || !expected.mayBeRefused) return wrong;
  return tryOnce(trial, { ...one, expected: { kind: "broken" } }, options);
}

async function tryOnce(trial: TrialMesh, one: RequestCase, { cuts }: TrialOptions): Promise<string[]> {
  const { upstream } = trial;
  upstream.clear();
  const before = await trial.account();
  const wrong: string[] = [];
  const variants = variantsOf(one, cuts);
  const waiting = [...variants];
  await Promise.all(
    Array.from({ length: Math.min(AT_ONCE, variants.length) }, async () => {
      for (let variant = waiting.pop(); variant !== undefined; variant = waiting.pop()) {
        const said = await converse(trial.port, variant.pieces, { enough: enoughFor(one, variant) });
        const problem = problemOf(one, variant, said);
        if (problem !== null)
          wrong.push(`${variant.name}: ${problem}; got ${said.end} ${JSON.stringify(said.text.slice(0, 300))}`);
      }
    }),
  );
  for (let index = 0; index < 4; index += 1) await turn();
  wrong.push(...upstream.faults);
  const own = upstream.seen.filter(({ target }) => target !== "/before" && target !== "/after");
  wrong.push(...arrivalsOf(one, own, variants.length));
  wrong.push(...disagreements(one, upstream, addedTo(before, await trial.account())));
  return [...new Set(wrong)];
}

/** Where the service's count of requests and the gateway's account of them differ. */
function* disagreements({ expected }: RequestCase, upstream: RecordingUpstream, account: Account): Generator<string> {
  const total = (route: RegExp): number =>
    [...account].reduce((sum, [key, count]) => sum + (route.test(key) ? count : 0), 0);
  const sent = total(/^all (?!400)/);
  const answered = total(/^all 200/);
  const { seen, complete } = upstream;
  // A request that is given up with its connection may be counted and never have been sent; nothing is sent uncounted.
  if (seen.length > sent) yield `the service saw ${seen.length} requests, the gateway accounted for ${sent}`;
  if (answered > complete.length) yield `${answered} were answered, of ${complete.length} that the service saw`;
  if (expected.kind === "forwarded" && (seen.length !== sent || answered !== sent))
    yield `of ${sent} requests that were sent the service saw ${seen.length}, and ${answered} were answered`;
  if (expected.kind !== "broken" && seen.length > complete.length) yield "a request was begun and not finished";
  if (expected.kind === "refused" && total(/ 4\d\d$/) - total(/ 499$/) === 0) yield "its refusal was not counted";
}

function variantsOf({ bytes }: RequestCase, cuts: number): Variant[] {
  const variants: Variant[] = [
    { name: "alone", pieces: [bytes], behind: false, followed: false },
    { name: "with a request behind it", pieces: [bytes + AFTER], behind: false, followed: true },
    { name: "between two requests", pieces: [BEFORE + bytes + AFTER], behind: true, followed: true },
  ];
  if (bytes.length <= BYTEWISE_LIMIT)
    variants.push({ name: "byte by byte", pieces: [...bytes.split(""), AFTER], behind: false, followed: true });
  const places = bytes.length - 1;
  const count = Math.min(cuts, places);
  for (let index = 0; index < count; index += 1) {
    const at = 1 + Math.floor((index * places) / count);
    const pieces = [bytes.slice(0, at), bytes.slice(at) + AFTER];
    variants.push({ name: `cut at ${at}`, pieces, behind: false, followed: true });
  }
  return variants;
}

function methodsOf({ expected }: RequestCase, { behind, followed }: Variant): string[] {
  const method = expected.kind === "forwarded" ? expected.method : "GET";
  return [...(behind ? ["GET"] : []), method, ...(followed ? ["GET"] : [])];
}

/** Where the connection stays open, what is waited for is the last answer. */
function enoughFor(one: RequestCase, variant: Variant): (text: string) => boolean {
  const { expected } = one;
  if (variant.followed || expected.kind === "broken" || !expected.keeps) return () => false;
  const methods = methodsOf(one, variant);
  return (text) => {
    const { answers } = readAnswers(text, methods, false);
    return answers.length === methods.length && answers.every(({ complete }) => complete);
  };
}

/** Null when the client saw what it should. */
function problemOf(one: RequestCase, variant: Variant, { text, end }: Conversation): string | null {
  const { expected } = one;
  if (end === "timeout") return "nothing more came, and the connection stayed open";
  const methods = methodsOf(one, variant);
  const { answers, rest } = readAnswers(text, methods, true);
  if (rest !== "") return `bytes that are no answer: ${JSON.stringify(rest.slice(0, 100))}`;
  const left = [...answers];
  if (variant.behind) {
    const first = left.shift();
    // What is refused in front of it ends the connection, if need be before its own answer is there.
    if (first === undefined) return expected.kind === "forwarded" ? "no answer to the request before it" : null;
    if (first.status !== 200 || first.body !== "/before")
      return `the request before it was answered with ${first.status}`;
  }
  const answer = left.shift();
  const after = left.shift();
  const goesOn = expected.kind !== "broken" && expected.keeps && variant.followed;
  if (goesOn && after?.body !== "/after") return "the request behind it was not answered";
  if (!goesOn && after !== undefined) return "the connection went on";
  if (answer === undefined) {
    // A refusal may be lost when the client is still sending (RFC 9112 §9.6); a forwarded request's answer may not.
    return expected.kind === "forwarded" || (end !== "reset" && expected.kind === "refused") ? "no answer" : null;
  }
  switch (expected.kind) {
    case "forwarded": {
      const body = expected.method === "HEAD" ? "" : expected.target;
      return answer.status === 200 && answer.body === body && answer.complete ? null : `answered with ${answer.status}`;
    }
    case "refused":
      return expected.statuses.includes(answer.status) ? null : `refused with ${answer.status}`;
    case "broken":
      return answer.status >= 400 && answer.status < 500 ? null : `answered with ${answer.status}`;
  }
}

/** What is wrong with what came to the service of the case itself. */
function* arrivalsOf({ expected }: RequestCase, seen: readonly SeenRequest[], times: number): Generator<string> {
  switch (expected.kind) {
    case "refused":
      if (seen.length > 0) yield `reached the service: ${JSON.stringify(seen[0])}`;
      return;
    case "broken":
      if (seen.some(({ complete }) => complete)) yield `the service took it for complete: ${JSON.stringify(seen[0])}`;
      return;
    case "forwarded":
      if (seen.length !== times) yield `arrived ${seen.length} times instead of ${times}`;
      for (const request of seen) {
        const { method, target, body, fields } = request;
        const [host] = fields.filter(([name]) => name === "host").map(([, value]) => value);
        const lines = fields.map(([name, value]) => `${name}: ${value}`);
        if (method !== expected.method) yield `arrived as ${method}`;
        if (target !== expected.target) yield `arrived as ${target.slice(0, 200)}`;
        if (host !== expected.host) yield `arrived for ${host}`;
        if (body !== expected.body) yield `arrived with the body ${JSON.stringify(body.slice(0, 200))}`;
        for (const line of expected.has) if (!lines.includes(line)) yield `arrived without ${line.slice(0, 100)}`;
        for (const gone of expected.lacks)
          if (lines.includes(gone) || fields.some(([name]) => name === gone)) yield `arrived with ${gone}`;
      }
  }
}
