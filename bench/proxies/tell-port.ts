import type { Server } from "node:net";

// The bench lets go of the channel when it is done, and cannot help it when it is killed.
process.on("disconnect", () => process.exit(0));

/** Tells the bench on which port this process serves. */
export function tellPort(server: Server): void {
  const address = server.address();
  if (typeof address === "object" && address !== null) process.send?.(address.port);
}
