/** What is counted apart: where calls came from and went to. */
export interface EdgeKey {
  /** Service that called, or `outside`. */
  readonly caller: string;
  readonly routeId: string;
  readonly service: string;
  readonly subset: string;
  /** Empty when the call was refused before an instance was picked. */
  readonly instance: string;
  /** True when the service answered as a backup for another one. */
  readonly asFallback: boolean;
}

/** The same text for the same key, and another for every other, whatever signs its names hold. */
export function edgeKeyText({ caller, routeId, service, subset, instance, asFallback }: EdgeKey): string {
  return JSON.stringify([caller, routeId, service, subset, instance, asFallback]);
}
