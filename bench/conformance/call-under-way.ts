import type { Ending } from "#domain/conformance/scenario.ts";
import type { Begun } from "#domain/conformance/subject.ts";
import { settled } from "./virtual-time.ts";

/** How a call to a service goes wrong, as an HTTP client would throw it. */
export class CallFailed extends Error {
  readonly ending: Ending;
  constructor(ending: Ending) {
    super(String(ending));
    this.ending = ending;
  }
}

/** A call that ends when it is told to. */
export class CallUnderWay {
  readonly #end = Promise.withResolvers<void>();
  #begun = false;

  /** What the library is given to call. */
  readonly action = (): Promise<void> => {
    this.#begun = true;
    return this.#end.promise;
  };

  constructor() {
    this.#end.promise.catch(() => undefined);
  }

  /** What became of the attempt: `refusal` is what the library threw, or null when it threw nothing yet. */
  begun(refusal: "rejected" | "short-circuited" | null): Begun {
    if (refusal !== null) return { kind: "refused", why: refusal };
    return { kind: this.#begun ? "admitted" : "waits", end: (ending) => this.#finish(ending) };
  }

  async #finish(ending: Ending): Promise<void> {
    if (ending === "ok") this.#end.resolve();
    else this.#end.reject(new CallFailed(ending));
    await settled();
  }
}
