declare module "opossum" {
  interface Options {
    timeout?: number | false;
    errorThresholdPercentage?: number;
    resetTimeout?: number;
    volumeThreshold?: number;
    rollingCountTimeout?: number;
    rollingCountBuckets?: number;
  }
  export default class CircuitBreaker<Result> {
    constructor(action: () => Promise<Result>, options?: Options);
    fire(): Promise<Result>;
    open(): void;
    shutdown(): void;
  }
}
