/** Follows the frames of a WebSocket (RFC 6455 §5.2) just closely enough to know when one has ended. */
export class FrameWatch {
  /** Bytes of a header that has not arrived whole. */
  #header: number[] = [];
  #payloadLeft = 0;

  /** True when no frame is half-said. */
  get between(): boolean {
    return this.#header.length === 0 && this.#payloadLeft === 0;
  }

  take(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#payloadLeft > 0) {
        const taken = Math.min(this.#payloadLeft, chunk.length - at);
        this.#payloadLeft -= taken;
        at += taken;
        continue;
      }
      this.#header.push(chunk[at] ?? 0);
      at += 1;
      const payload = payloadOf(this.#header);
      if (payload === null) continue;
      this.#header = [];
      this.#payloadLeft = payload;
    }
  }
}

/** Length of the payload that follows a header; null while the header is not whole. */
function payloadOf(header: readonly number[]): number | null {
  const [, second] = header;
  if (second === undefined) return null;
  const short = second & 0x7f;
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const maskBytes = (second & 0x80) === 0 ? 0 : 4;
  if (header.length < 2 + lengthBytes + maskBytes) return null;
  if (lengthBytes === 0) return short;
  return header.slice(2, 2 + lengthBytes).reduce((length, byte) => length * 256 + byte, 0);
}
