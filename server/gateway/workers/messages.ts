import type { MetricObject } from "prom-client";
import type { TrafficWindow } from "#domain/traffic.ts";
import type { Endpoint } from "#platform/address-rules.ts";
import type { InstanceReading } from "../instance-readings.ts";
import type { CertificateStatus } from "../tls/certificate-store.ts";
import type { SnapshotChange } from "#domain/snapshot-change.ts";
import type { RegistryChange } from "./feed-change.ts";

/** What the process that leads a gateway tells its workers. Both are the same program, so nothing is checked. */
export type ToWorker =
  /** `guarded`: where instances must not lead, besides what the worker knows. `informed`: policy and registry follow at once. */
  | {
      readonly kind: "start";
      readonly worker: number;
      readonly guarded: readonly Endpoint[];
      readonly informed: boolean;
    }
  | { readonly kind: "policy"; readonly version: number; readonly change: SnapshotChange }
  | { readonly kind: "registry"; readonly change: RegistryChange }
  /** Asks for its metrics. */
  | { readonly kind: "measure"; readonly request: number }
  /** Take no new connections; end when what is in flight has ended. */
  | { readonly kind: "drain" };

export interface WorkerPorts {
  readonly edgePort: number;
  readonly tlsPort: number | null;
  readonly egressPorts: Readonly<Record<string, number>>;
}

export type FromWorker =
  /** It is there, and waits to be told to start. */
  | { readonly kind: "hello" }
  | ({ readonly kind: "ready" } & WorkerPorts)
  /** It could not start. `listener`: when a port was the reason. */
  | {
      readonly kind: "failed";
      readonly message: string;
      readonly listener: {
        readonly name: string;
        readonly host: string;
        readonly port: number;
        readonly code: string;
      } | null;
      readonly certificates: boolean;
    }
  | { readonly kind: "applied"; readonly version: number }
  /** Once a second. */
  | {
      readonly kind: "report";
      readonly window: TrafficWindow;
      readonly instances: readonly InstanceReading[];
      readonly certificates: readonly CertificateStatus[];
    }
  /** Its last word. */
  | { readonly kind: "bye" }
  | { readonly kind: "measured"; readonly request: number; readonly metrics: readonly MetricObject[] };

/** The way to the other process. */
export interface Channel<Out, In> {
  send(message: Out): void;
  onMessage(listener: (message: In) => void): void;
}
