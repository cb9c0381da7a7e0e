import type { TroublePlace } from "#domain/trouble.ts";
import { links } from "../links.ts";

/** Where a place is in the console, and what its link says. */
export function placeLink(place: TroublePlace): { readonly href: string; readonly label: string } {
  switch (place.kind) {
    case "service":
      return { href: links.service(place.name), label: `Open ${place.name}` };
    case "instances":
      return { href: links.instances(place.service), label: "See the instances" };
    case "breaker":
      return { href: links.breaker(place.key), label: "See the breaker" };
    case "jvm-command":
      return { href: links.jvmCommand(place.key), label: "See the command" };
    case "topology":
      return { href: links.topology(place.select), label: "Show in the topology" };
    case "gateways":
      return { href: links.gateways(), label: "See the gateways" };
    case "services":
      return { href: links.services(), label: "See the services" };
    case "sync":
      return { href: links.sync(), label: "Go to Sync" };
    case "drift":
      return { href: links.drift(), label: "Compare and decide" };
  }
}
