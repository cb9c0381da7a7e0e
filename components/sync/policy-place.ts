import { commandKey } from "#domain/breaker-policy.ts";
import { links } from "../links.ts";

/** Where people look at a published object, and what it is called there. */
export interface PolicyPlace {
  readonly name: string;
  readonly href: string | null;
}

/** From a policy key, or `head`. Others write in ZooKeeper too: a key that names nothing of ours has no page. */
export function policyPlace(key: string): PolicyPlace {
  const slash = key.indexOf("/");
  const kind = key.slice(0, slash);
  const id = key.slice(slash + 1);
  switch (kind) {
    case "routes":
      return { name: `Route ${id}`, href: links.route(id) };
    case "services":
      return { name: `Policy of service ${id}`, href: links.service(id) };
    case "breakers":
      return breakerPlace(id);
    case "overrides":
      return { name: `Override ${id}`, href: links.breakers() };
    default:
      return { name: key === "head" ? "The head, which lists what is published" : key, href: null };
  }
}

function breakerPlace(id: string): PolicyPlace {
  const [kind, first = "", second] = id.split(":");
  if (kind === "service" && first !== "" && second === undefined)
    return { name: `Breaker policy of all calls to ${first}`, href: links.breaker(id) };
  if (kind === "command" && second !== undefined && first !== "")
    return { name: `Breaker policy ${commandKey(first, second)}`, href: links.breaker(commandKey(first, second)) };
  return { name: `Breaker policy ${id}`, href: null };
}
