import type { Duplex } from "node:stream";

/** Above this, copying a piece costs more than a second entry in the list of what to write. */
const COPIED_BYTES = 32 * 1024;

/**
 * Writes text (latin1), a piece of a body and text again in one system call: as one piece of memory of our own, since
 * `chunk` may be overwritten once this returns. False when the connection wants a pause.
 */
export function writeTogether(to: Duplex, before: string, chunk: Buffer, after: string): boolean {
  const length = before.length + chunk.length + after.length;
  if (length > COPIED_BYTES) {
    to.cork();
    if (before !== "") to.write(before, "latin1");
    let flowing = to.write(Buffer.from(chunk));
    if (after !== "") flowing = to.write(after, "latin1");
    to.uncork();
    return flowing;
  }
  const whole = Buffer.allocUnsafe(length);
  whole.write(before, 0, "latin1");
  chunk.copy(whole, before.length);
  if (after !== "") whole.write(after, before.length + chunk.length, "latin1");
  return to.write(whole);
}
