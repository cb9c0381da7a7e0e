/** Longest line that is read, characters. A command is 3,000; a Turbine's, with a histogram for every value, some more. */
export const LINE_MAX = 65_536;
/** A message is put together from so many lines. */
const PIECES_MAX = 4;

/**
 * Takes the messages out of the text of a `hystrix.stream`. Hystrix 1.5.9 to 1.5.18 write pings and data from two threads
 * without a lock, so a ping may stand within a message, or break it in two: what does not parse by itself is tried again
 * together with what follows. Never throws; holds no more than two lines.
 */
export class HystrixLines {
  #line = "";
  /** The line is longer than is read, and passed over until it ends. */
  #skipping = false;
  /** The beginning of a message that has not ended, without pings; empty when there is none. */
  #open = "";
  #pieces = 0;

  /** Takes the next text, cut anywhere; returns the messages that are complete with it. */
  feed(text: string): unknown[] {
    const messages: unknown[] = [];
    let from = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", from)) {
      this.#append(text.slice(from, end));
      const message = this.#skipping ? null : this.#endLine(this.#line);
      if (message !== null) messages.push(message);
      this.#line = "";
      this.#skipping = false;
      from = end + 1;
    }
    this.#append(text.slice(from));
    return messages;
  }

  #append(text: string): void {
    if (this.#skipping || text === "") return;
    if (this.#line.length + text.length <= LINE_MAX) this.#line += text;
    else {
      this.#skipping = true;
      this.#line = "";
      this.#open = "";
    }
  }

  /** The message that ends with this line. */
  #endLine(line: string): object | null {
    const raw = line.endsWith("\r") ? line.slice(0, -1) : line;
    if (raw === "") return null;
    const whole = parsed(fromBrace(raw));
    if (whole !== null) return this.#close(whole);
    // A comment, unless a ping has torn off what stood in front of the colon.
    if (raw === ": ping" || (raw.startsWith(":") && this.#open === "")) return null;
    const text = raw.replaceAll(PING, "");
    const message = (text === raw ? null : parsed(fromBrace(text))) ?? this.#join(text);
    if (message !== null) return this.#close(message);
    if (this.#open === "") this.#open = fromBrace(text);
    return null;
  }

  /** The message that this text ends; null, having kept the text, while it has not ended. */
  #join(text: string): object | null {
    if (this.#open === "" || text === "") return null;
    if (BEGINNING.test(text)) this.#close();
    else {
      const joined = this.#open + text.replace(/^data:/, "");
      const message = parsed(joined);
      if (message !== null) return message;
      this.#pieces += 1;
      this.#open = joined;
      if (this.#pieces > PIECES_MAX || joined.length > LINE_MAX) this.#close();
    }
    return null;
  }

  #close(message: object | null = null): object | null {
    this.#open = "";
    this.#pieces = 0;
    return message;
  }
}

/** Pings as they may stand anywhere in a line. */
const PING = /ping: ?/g;
/** What can only be the beginning of another message. */
const BEGINNING = /^data: *\{"/;

/** As Turbine reads it: whatever stands before is not looked at. Empty when there is no brace. */
function fromBrace(text: string): string {
  const begins = text.indexOf("{");
  return begins === -1 ? "" : text.slice(begins);
}

function parsed(text: string): object | null {
  if (text === "") return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : null;
  } catch {
    return null;
  }
}
