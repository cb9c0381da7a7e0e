import { subsetName } from "./service.ts";

/** `inventory version=1`: service and subset of a destination or backup, as it is called in labels and lists. */
export function destinationName(destination: {
  readonly service: string;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}): string {
  return [destination.service, subsetName(destination.labels ?? {})].filter((part) => part !== "").join(" ");
}
