import { EMPTY_REGISTRY, type Instance, type RegistryPicture, type RegistryService } from "./instance.ts";

/** For tests: a Curator instance that serves plain HTTP, but for what `change` says. */
export function testInstance(change: Partial<Instance> = {}): Instance {
  return {
    service: "orders",
    id: "i1",
    address: "10.0.0.1",
    port: 80,
    protocol: change.tls === true ? "https" : "http",
    tls: false,
    metadata: {},
    serving: true,
    weight: null,
    presence: "present",
    origin: "curator",
    registeredAtMs: 0,
    ...change,
  };
}

/** For tests: these services, read at the first millisecond. */
export function testRegistry(
  services: readonly RegistryService[],
  change: Partial<RegistryPicture> = {},
): RegistryPicture {
  return { ...EMPTY_REGISTRY, readAtMs: 1, services, ...change };
}
