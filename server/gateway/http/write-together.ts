import type { Duplex } from "node:stream";

/** Above this, copying a piece costs more than a second entry in the list of what to write. */
const COPIED_BYTES = 32 * 1024;

/** Where pieces are put together. A new one is taken when the last was not written at once: then it is the socket's. */
let desk = Buffer.allocUnsafeSlow(COPIED_BYTES);

/**
 * Writes text (latin1), a piece of a body and text again in one system call. `chunk` may be overwritten once this returns.
 * False when the connection wants a pause.
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
  // TLS never writes at once.
  const isPlain = !("encrypted" in to);
  const whole = isPlain ? desk.subarray(0, length) : Buffer.allocUnsafe(length);
  whole.write(before, 0, "latin1");
  chunk.copy(whole, before.length);
  if (after !== "") whole.write(after, before.length + chunk.length, "latin1");
  const flowing = to.write(whole);
  if (isPlain && to.writableLength > 0) desk = Buffer.allocUnsafeSlow(COPIED_BYTES);
  return flowing;
}
