import { EyeOff, Network, SearchX } from "lucide-react";
import { links } from "../links.ts";
import { Button, ButtonLink } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";

/** How a service gets onto the page, for a mesh that has none yet. */
export function NoServices() {
  return (
    <EmptyState
      icon={Network}
      title="No services yet"
      action={<ButtonLink href={links.services()}>Open services</ButtonLink>}
    >
      A service appears here when an instance registers in ZooKeeper, as an ephemeral node{" "}
      <code className="font-mono text-sm">/services/&lt;service&gt;/&lt;id&gt;</code> in the format of Curator service
      discovery (name, id, address, port). Calls appear when they go through a gateway.
    </EmptyState>
  );
}

/** The mesh of a past moment that nobody recorded. */
export function NothingRecorded() {
  return (
    <EmptyState icon={Network} title="Nothing is on record of that time">
      The console keeps the traffic of the last 14 days while it runs. Choose another moment, or go back to now.
    </EmptyState>
  );
}

/** What is left when everything is hidden. */
export function AllHidden({ onShow }: { onShow: () => void }) {
  return (
    <EmptyState icon={EyeOff} title="Everything is hidden" action={<Button onClick={onShow}>Show all</Button>}>
      The condition under Hide, or the display options, leave out every service.
    </EmptyState>
  );
}

/** The table when nothing is found. */
export function NothingMatches() {
  return (
    <EmptyState icon={SearchX} title="Nothing matches">
      No service or call is what Find asks for. Help beside the field has examples.
    </EmptyState>
  );
}
