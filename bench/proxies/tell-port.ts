import type { Server } from "node:net";

/** Tells the bench on which port this process serves. */
export function tellPort(server: Server): void {
  const address = server.address();
  if (typeof address === "object" && address !== null) process.send?.(address.port);
}
