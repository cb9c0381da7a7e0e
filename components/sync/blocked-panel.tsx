import type { BlockedNode } from "#domain/publishing.ts";
import { plainText } from "../diff/plain-text.ts";
import { Panel } from "../ui/panel.tsx";
import { Table, Td, Th, Tr } from "../ui/table.tsx";

/** Nodes that ZooKeeper does not let the publisher write, and what helps. Nothing while there is none. */
export function BlockedPanel({ blocked }: { blocked: readonly BlockedNode[] }) {
  if (blocked.length === 0) return null;
  return (
    <Panel title="Blocked nodes" note="ZooKeeper refuses to have them written" padded={false} className="live">
      <p className="max-w-[80ch] px-4 pt-3 text-ink-2">
        Gateways keep what they have of these objects; all others are published. Give the console&rsquo;s credentials
        the permission to write them (in ZooKeeper&rsquo;s own client: <code className="font-mono text-sm">getAcl</code>{" "}
        and <code className="font-mono text-sm">setAcl</code>), or delete the node there. It is tried again with every
        comparison.
      </p>
      <Table caption="Blocked nodes">
        <thead>
          <tr>
            <Th>Node</Th>
            <Th>Why</Th>
          </tr>
        </thead>
        <tbody>
          {blocked.map(({ path, problem }) => (
            <Tr key={path}>
              <Td className="min-w-56 align-top font-mono text-sm break-all">
                <bdi>{plainText(path)}</bdi>
              </Td>
              <Td className="min-w-64 align-top break-words text-bad">{plainText(problem)}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  );
}
