import type { Election } from "../election.ts";
import type { OpenLoop } from "../level-loop.ts";
import type { NodeOperations } from "../operations.ts";
import type { PolicySource } from "../database-reading.ts";
import type { SessionLink } from "../session-link.ts";
import type { ModelDatabase } from "./model-database.ts";

export type Nodes = SessionLink & NodeOperations;

export interface ConsoleContext {
  readonly database: ModelDatabase;
  readonly election: Election;
}

export interface GatewayContext {
  /** Starts the gateway again with an empty disk, which nobody is told. */
  readonly startOver: () => void;
}

/** The protocol with one thing broken, by putting something between the real code and what it works with. */
export interface Mutant {
  /** What is broken. */
  readonly name: string;
  /** The rule by which it has to be found out; any, unless told. */
  readonly rule?: string;
  readonly deletesRows?: boolean;
  readonly gatewaysUnasked?: boolean;
  consoleNodes?(nodes: Nodes, context: ConsoleContext): Nodes;
  source?(source: PolicySource, context: ConsoleContext): PolicySource;
  publisherLoop?(open: OpenLoop, context: ConsoleContext): OpenLoop;
  gatewayNodes?(nodes: Nodes, context: GatewayContext): Nodes;
}

export const REAL: Mutant = { name: "the protocol as it is" };
