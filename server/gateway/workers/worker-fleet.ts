import { backoffMs } from "#platform/backoff.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import { ListenFailure } from "../http-listener.ts";
import { CertificateFailure } from "../tls/certificate-store.ts";
import type { Channel, FromWorker, ToWorker, WorkerPorts } from "./messages.ts";

/** A process that runs a worker. */
export interface WorkerProcess extends Channel<ToWorker, FromWorker> {
  readonly pid: number | undefined;
  /** Told once, with why. */
  onExit(listener: (reason: string) => void): void;
  kill(): void;
}

export interface WorkerFleetOptions {
  readonly count: number;
  readonly fork: () => WorkerProcess;
  /** What a new worker is told, in order, to be where the others are. */
  readonly greeting: (worker: number) => readonly ToWorker[];
  readonly onMessage: (worker: number, message: FromWorker) => void;
  /** A worker is gone, and all that it knew. */
  readonly onLost: (worker: number) => void;
  /** How long a worker may take to drain and stop, ms. */
  readonly stopMs: number;
  readonly log: Log;
}

interface Member {
  readonly worker: number;
  process: WorkerProcess | null;
  /** Whether it was told where the others are. */
  greeted: boolean;
  ports: WorkerPorts | null;
  /** Since it was last ready. */
  failures: number;
  again: NodeJS.Timeout | undefined;
}

const BACKOFF = { firstMs: 100, maxMs: 10_000 };

/** A gateway's workers, numbered from 1. One that ends by itself is replaced, sooner or later as often as it fails. */
export class WorkerFleet implements Part {
  readonly name = "workers";
  readonly #options: WorkerFleetOptions;
  readonly #members: readonly Member[];
  readonly #started = Promise.withResolvers<WorkerPorts>();
  #isStarted = false;
  #stopping = false;
  #whenGone: () => void = () => undefined;
  deaths = 0;

  constructor(options: WorkerFleetOptions) {
    this.#options = options;
    this.#members = Array.from({ length: options.count }, (_, index) => ({
      worker: index + 1,
      process: null,
      greeted: false,
      ports: null,
      failures: 0,
      again: undefined,
    }));
  }

  /**
   * Starts them; resolves when all are ready, on the same ports.
   * @throws ListenFailure, CertificateFailure or Error when one of them could not start.
   */
  start(): Promise<WorkerPorts> {
    for (const member of this.#members) this.#fork(member);
    return this.#started.promise;
  }

  /** Numbers of those that serve. */
  get ready(): readonly number[] {
    return this.#members.filter(({ ports }) => ports !== null).map(({ worker }) => worker);
  }

  /** Tells all that were greeted. */
  broadcast(message: ToWorker): void {
    for (const { process, greeted } of this.#members) if (greeted) process?.send(message);
  }

  /** Lets all drain, and ends those that take too long. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const { again } of this.#members) clearTimeout(again);
    const gone = new Promise<void>((resolve) => (this.#whenGone = resolve));
    for (const { process } of this.#members) process?.send({ kind: "drain" });
    const insist = setTimeout(() => {
      for (const { process } of this.#members) process?.kill();
    }, this.#options.stopMs);
    this.#lookIfGone();
    await gone;
    clearTimeout(insist);
  }

  #fork(member: Member): void {
    const { fork, greeting, log } = this.#options;
    const process = fork();
    member.process = process;
    process.onMessage((message) => {
      if (message.kind === "hello" && this.#stopping) process.send({ kind: "drain" });
      else if (message.kind === "hello") {
        for (const words of greeting(member.worker)) process.send(words);
        member.greeted = true;
      } else if (message.kind === "ready") this.#ready(member, message);
      else if (message.kind === "failed" && !this.#isStarted) this.#started.reject(failureOf(message));
      this.#options.onMessage(member.worker, message);
    });
    process.onExit((reason) => this.#exited(member, reason));
    log.debug({ worker: member.worker, pid: process.pid }, "worker started");
  }

  #ready(member: Member, ports: WorkerPorts): void {
    member.ports = ports;
    member.failures = 0;
    if (this.ready.length < this.#members.length) return;
    this.#isStarted = true;
    this.#started.resolve(ports);
  }

  #exited(member: Member, reason: string): void {
    const { log, onLost } = this.#options;
    member.process = null;
    member.greeted = false;
    member.ports = null;
    onLost(member.worker);
    if (this.#stopping) return this.#lookIfGone();
    this.deaths += 1;
    const waitMs = backoffMs(member.failures, BACKOFF);
    member.failures += 1;
    log.error({ worker: member.worker, reason, againInMs: waitMs }, "a worker ended by itself");
    member.again = setTimeout(() => this.#fork(member), waitMs);
  }

  #lookIfGone(): void {
    if (this.#members.every(({ process }) => process === null)) this.#whenGone();
  }
}

function failureOf({ message, listener, certificates }: Extract<FromWorker, { kind: "failed" }>): Error {
  if (certificates) return new CertificateFailure(message);
  if (listener === null) return new Error(message);
  const { name, host, port, code } = listener;
  return new ListenFailure(name, host, port, Object.assign(new Error(message), { code }));
}
