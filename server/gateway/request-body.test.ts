import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { NodeBody } from "./http/node-body.ts";
import { PlainBody } from "./http/plain-body.ts";
import type { IncomingBody } from "./incoming-body.ts";
import { RequestBody } from "./request-body.ts";

/** Streams a body to somebody who wants a pause after each piece, and goes on in the next turn. */
async function streamed(incoming: IncomingBody): Promise<string> {
  const body = new RequestBody(incoming, () => undefined);
  const stream = body.open();
  if (Buffer.isBuffer(stream)) throw new Error("held whole");
  let text = "";
  return new Promise((resolve) =>
    stream.start({
      write(chunk) {
        text += chunk.toString("latin1");
        setImmediate(() => stream.resume());
        return false;
      },
      end: () => resolve(`${text}.`),
      fail: () => resolve(`${text}!`),
    }),
  );
}

/** As node:http has it: complete as soon as all has arrived, whether or not it was read. */
class Arrived extends Readable {
  readonly complete = true;
}

it("what has arrived and was not handed on yet is not forgotten when its reader pauses", async () => {
  const incoming = new Arrived({ read: () => undefined });
  for (const piece of ["one ", "two ", "three"]) incoming.push(Buffer.from(piece));
  incoming.push(null);
  expect(await streamed(new NodeBody(incoming))).toBe("one two three.");
});

it("the end of a body that came whole with its head is told also to a reader who pauses", async () => {
  const body = new PlainBody(6, { pauseReading: () => undefined, resumeReading: () => undefined });
  body.take(Buffer.from("abc"));
  body.take(Buffer.from("def"));
  expect(await streamed(body)).toBe("abcdef.");
});
