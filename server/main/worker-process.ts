import cluster, { type Worker as ClusterWorker } from "node:cluster";
import type { Channel, FromWorker, ToWorker } from "#gateway/workers/messages.ts";
import type { WorkerProcess } from "#gateway/workers/worker-fleet.ts";

/** Whether this process is one of a gateway's workers. */
export const isWorkerProcess = cluster.isWorker;

/** Starts this program again as a worker; their listeners share ports. */
export function forkWorker(): WorkerProcess {
  // Maps and buffers arrive as they are.
  cluster.setupPrimary({ serialization: "advanced" });
  const worker = cluster.fork();
  return {
    pid: worker.process.pid,
    send: (message) => {
      // One that is about to end cannot be told anything; its end is heard of by itself.
      if (worker.isConnected()) worker.send(message, undefined, () => undefined);
    },
    onMessage: (listener) => onMessage(worker, listener),
    onExit: (listener) => worker.once("exit", (code, signal) => listener(signal ?? `exit code ${code}`)),
    kill: () => void worker.process.kill("SIGKILL"),
  };
}

/** A worker's way to the process that leads it. */
export function channelToLead(): Channel<FromWorker, ToWorker> & { end(code: number): void } {
  return {
    send: (message) => void process.send?.(message, undefined, undefined, () => undefined),
    onMessage: (listener) => void process.on("message", listener),
    // Messages are sent one after the other: when the last has left, so have all.
    end: (code) => void process.send?.({ kind: "bye" }, undefined, undefined, () => process.exit(code)),
  };
}

function onMessage(worker: ClusterWorker, listener: (message: FromWorker) => void): void {
  worker.on("message", listener);
}
