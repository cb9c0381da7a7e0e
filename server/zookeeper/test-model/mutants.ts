import type { Election } from "../election.ts";
import type { OpenLoop } from "../level-loop.ts";
import type { NodeOperations } from "../operations.ts";
import type { PolicySource } from "../policy-publisher.ts";
import type { SessionLink } from "../session-link.ts";
import type { SimulatedClient } from "./simulated-client.ts";
import type { World } from "./world.ts";

type Nodes = SessionLink & NodeOperations;

export interface ConsoleContext {
  readonly world: World;
  readonly election: Election;
  readonly client: SimulatedClient;
}

/** The protocol with one thing broken, by putting something between the real code and what it works with. */
export interface Mutant {
  readonly name: string;
  consoleNodes?(nodes: Nodes, context: ConsoleContext): Nodes;
  source?(source: PolicySource, context: ConsoleContext): PolicySource;
  publisherLoop?(open: OpenLoop, context: ConsoleContext): OpenLoop;
  gatewayNodes?(nodes: Nodes, context: { readonly world: World; readonly index: number }): Nodes;
}

export const REAL: Mutant = { name: "the protocol as it is" };
