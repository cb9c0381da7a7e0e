/** Longest chunk size line, extension included; extensions mean nothing to anybody and are dropped. */
const MAX_LINE = 256;
const MAX_EXTENSION_BYTES = 4096;
const MAX_TRAILER_BYTES = 16_384;
/** `1a`, `1a;name=value`, `1a;name="value"`; no blanks before the semicolon, no sign, no prefix (RFC 9112 §7.1). */
const SIZE_LINE =
  /^([0-9A-Fa-f]{1,12})((?:;[!#$%&'*+.^_`|~0-9A-Za-z-]+(?:=(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+|"(?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t\x20-\x7e\x80-\xff])*"))?)*)$/;
const FIELD_LINE = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*$/;
/** Fields that say where a message ends may not come when it has ended (RFC 9110 §6.5.1). */
const FRAMING_LINE = /^(?:content-length|transfer-encoding):/i;

const LF = 0x0a;
const CR = 0x0d;

/**
 * Takes the chunked coding off a body, strictly: what is not exactly RFC 9112 §7.1 is an error. Trailers are read and
 * dropped.
 */
export class ChunkedDecoder {
  #expects: "size" | "data" | "data-end" | "trailer" | "nothing" = "size";
  #left = 0;
  #line = "";
  #extensionBytes = 0;
  #trailerBytes = 0;

  /** True once the last chunk and its trailers were read. */
  get done(): boolean {
    return this.#expects === "nothing";
  }

  /**
   * Reads from `from` on and hands on pieces of the body; returns where it stopped: the end of the buffer, or behind the
   * body when that is done. -1 when it is malformed.
   */
  read(buffer: Buffer, from: number, onData: (piece: Buffer) => void): number {
    let at = from;
    while (at < buffer.length && this.#expects !== "nothing") {
      if (this.#expects === "data") {
        const end = Math.min(buffer.length, at + this.#left);
        onData(buffer.subarray(at, end));
        this.#left -= end - at;
        at = end;
        if (this.#left === 0) this.#expects = "data-end";
        continue;
      }
      const lineEnd = buffer.indexOf(LF, at);
      const end = lineEnd === -1 ? buffer.length : lineEnd;
      if (this.#line.length + end - at > MAX_LINE) return -1;
      this.#line += buffer.toString("latin1", at, end);
      if (lineEnd === -1) return this.#beginsWell() ? buffer.length : -1;
      at = lineEnd + 1;
      if (!this.#takeLine()) return -1;
    }
    return at;
  }

  /** Whether what is there of a line can still become one; so that a malformed line is not waited out. */
  #beginsWell(): boolean {
    return this.#expects === "data-end" ? this.#line === "" || this.#line === "\r" : true;
  }

  #takeLine(): boolean {
    const line = this.#line;
    this.#line = "";
    if (line.charCodeAt(line.length - 1) !== CR) return false;
    const text = line.slice(0, -1);
    if (this.#expects === "size") return this.#takeSize(text);
    if (this.#expects === "data-end") {
      this.#expects = "size";
      return text === "";
    }
    if (text === "") {
      this.#expects = "nothing";
      return true;
    }
    this.#trailerBytes += line.length;
    return this.#trailerBytes <= MAX_TRAILER_BYTES && FIELD_LINE.test(text) && !FRAMING_LINE.test(text);
  }

  #takeSize(text: string): boolean {
    const [, size, extension = ""] = SIZE_LINE.exec(text) ?? [];
    if (size === undefined) return false;
    this.#extensionBytes += extension.length;
    if (this.#extensionBytes > MAX_EXTENSION_BYTES) return false;
    this.#left = Number.parseInt(size, 16);
    this.#expects = this.#left === 0 ? "trailer" : "data";
    return true;
  }
}
