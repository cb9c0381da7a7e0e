import { SHOP_SERVICES, type ShopService } from "./shop-map.ts";

/** What is made wrong with a service on purpose. */
export type Trouble = "break" | "slow";

/** What a troubled service does with one request. */
export type Mishap = { kind: "none" } | { kind: "fail" } | { kind: "reset" } | { kind: "delay"; ms: number };

/** How much longer a slow service takes, ms: beyond the usual deadline of a second. */
export const SLOW_MS = 2000;
/** A broken service cuts the connection at every one of so many requests, and answers 500 to the others. */
const RESET_EVERY = 4;

/** Which services are in trouble; shared by all instances of the demo's process. */
export class Troubles {
  readonly #active = new Map<ShopService, { trouble: Trouble; requests: number }>();

  set(service: ShopService, trouble: Trouble): void {
    this.#active.set(service, { trouble, requests: 0 });
  }

  heal(service: ShopService): void {
    this.#active.delete(service);
  }

  /** What happens to the next request that `service` receives. */
  next(service: ShopService): Mishap {
    const active = this.#active.get(service);
    if (active === undefined) return { kind: "none" };
    active.requests += 1;
    if (active.trouble === "slow") return { kind: "delay", ms: SLOW_MS };
    return active.requests % RESET_EVERY === 0 ? { kind: "reset" } : { kind: "fail" };
  }

  /** All services with what is wrong with each. */
  list(): readonly { service: ShopService; trouble: Trouble | null }[] {
    return SHOP_SERVICES.map((service) => ({ service, trouble: this.#active.get(service)?.trouble ?? null }));
  }
}
