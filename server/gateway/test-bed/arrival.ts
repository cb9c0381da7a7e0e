import type { Arrival } from "../exchange.ts";

/** A request from outside, for tests that make their exchanges by hand. */
export function arrivalFrom(remoteAddress: string): Arrival {
  return {
    listener: "edge",
    caller: "outside",
    remoteAddress,
    scheme: "http",
    forwarding: {
      clientAddress: remoteAddress,
      scheme: "http",
      host: "a",
      requestId: "id",
      passOthers: false,
      fields: [],
    },
  };
}
