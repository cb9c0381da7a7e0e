/** Bytes that are not what they should be. */
export class MalformedWindow extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = "MalformedWindow";
  }
}

/** Whole numbers of 0 or more as LEB128: seven bits a byte, lowest first. */
export class NumberWriter {
  #buffer = Buffer.allocUnsafe(4096);
  #length = 0;

  number(value: number): void {
    if (this.#length + 8 > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(this.#buffer.length * 2);
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    let rest = value;
    while (rest >= 128) {
      this.#buffer[this.#length] = (rest % 128) | 128;
      this.#length += 1;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#length] = rest;
    this.#length += 1;
  }

  take(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.#length));
  }
}

/** Reads what a NumberWriter wrote, and whatever else may have come instead. */
export class NumberReader {
  #bytes: Uint8Array = EMPTY;
  #at = 0;

  open(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#at = 0;
  }

  /** @param max 127 or more. @throws MalformedWindow when there is no number, or it is larger. */
  number(max: number): number {
    const first = this.#bytes[this.#at] ?? LACKING;
    this.#at += 1;
    // No limit is below what one byte can say.
    return first < 128 ? first : this.#longNumber(first, max);
  }

  /** @throws MalformedWindow when something is left. */
  end(): void {
    if (this.#at !== this.#bytes.length) throw new MalformedWindow("Something follows the last number.");
  }

  #longNumber(first: number, max: number): number {
    let byte = first;
    let value = byte % 128;
    for (let factor = 128; byte >= 128; factor *= 128) {
      if (byte === LACKING) throw new MalformedWindow("It ends in the middle of a number.");
      byte = this.#bytes[this.#at] ?? LACKING;
      this.#at += 1;
      value += (byte % 128) * factor;
      if (value > max || factor > max) throw new MalformedWindow("A number is out of its range.");
    }
    return value;
  }
}

const EMPTY = new Uint8Array(0);
/** In place of a byte behind the end. */
const LACKING = 256;
