import type { ControlOrder } from "./control-contract.ts";
import { isShopService, SHOP_SERVICES } from "./shop-map.ts";

export const USAGE = `usage: npm run demo -- <order>

  status              how the shop and its load are
  break <service>     it answers 500, or cuts the connection
  slow <service>      it takes two seconds longer
  heal [<service>]    end the trouble of one service, or of all
  load <n> | wave     so many visits a second, evenly spread; or the wave it starts with

services: ${SHOP_SERVICES.join(", ")}`;

/** Reads the words after `npm run demo --`; a string says what is wrong with them. */
export function parseOrder(words: readonly string[]): ControlOrder | string {
  const [order, service, ...rest] = words;
  if (order === undefined || rest.length > 0) return USAGE;
  if (order === "load") return loadOrder(service);
  if (service !== undefined && !isShopService(service)) {
    return `The shop has no service "${service}". It has: ${SHOP_SERVICES.join(", ")}.`;
  }
  if (order === "status" && service === undefined) return { order };
  if (order === "heal") return service === undefined ? { order } : { order, service };
  if (order === "break" || order === "slow") {
    return service === undefined ? `Say which service to ${order}: ${SHOP_SERVICES.join(", ")}.` : { order, service };
  }
  return USAGE;
}

function loadOrder(word: string | undefined): ControlOrder | string {
  if (word === "wave") return { order: "load", perSecond: null };
  const perSecond = word === undefined || word.trim() === "" ? Number.NaN : Number(word);
  if (!(perSecond >= 0 && perSecond <= 500)) return "Say how many visits a second, 0 to 500, or: wave.";
  return { order: "load", perSecond };
}
