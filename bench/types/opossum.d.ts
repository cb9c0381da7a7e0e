declare module "opossum" {
  interface State {
    enabled?: boolean;
    closed?: boolean;
    open?: boolean;
    halfOpen?: boolean;
    lastTimerAt?: number;
  }
  interface Stats {
    fires: number;
    failures: number;
    successes: number;
    semaphoreRejections: number;
    percentiles: Readonly<Record<string, number>>;
  }
  interface Status {
    readonly stats: Stats;
    increment(property: "successes", latencyMs: number): void;
    shutdown(): void;
  }
  interface Options {
    timeout?: number | false;
    errorThresholdPercentage?: number;
    resetTimeout?: number;
    volumeThreshold?: number;
    rollingCountTimeout?: number;
    rollingCountBuckets?: number;
    capacity?: number;
    enabled?: boolean;
    errorFilter?: (error: unknown) => boolean;
    enableSnapshots?: boolean;
    state?: State;
    status?: Stats;
  }
  export default class CircuitBreaker<Result, Arguments extends unknown[] = []> {
    static newStatus(options: Options): Status;
    constructor(action: (...args: Arguments) => Promise<Result>, options?: Options);
    fire(...args: Arguments): Promise<Result>;
    open(): void;
    close(): void;
    enable(): void;
    disable(): void;
    shutdown(): void;
    toJSON(): { state: State; status: Stats };
    readonly opened: boolean;
    readonly halfOpen: boolean;
    readonly stats: Stats;
  }
}
