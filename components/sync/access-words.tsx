import type { ZooKeeperLink } from "#domain/live.ts";
import { plainText } from "../diff/plain-text.ts";
import { counted } from "./counted.ts";

/** How far every node grants what it should; nothing while all is as it should be and no credential is being changed. */
export function AccessWords({ lists }: { lists: ZooKeeperLink["accessLists"] }) {
  if (lists === null || (lists.left === 0 && !lists.isRotating)) return null;
  const { left, nodes, leftPaths, isRotating } = lists;
  if (left === 0)
    return (
      <p className="text-sm font-normal text-ink-3">
        Credentials are being changed, and all {counted(nodes, "node", "nodes")} grant the new ones. Once this is so on
        every console, <code className="font-mono">ZOOKEEPER_AUTH_PREVIOUS</code> can be taken out.
      </p>
    );
  return (
    <div className="text-sm font-normal text-warn">
      {isRotating ? "Credentials are being changed: " : ""}
      {left} of {counted(nodes, "node", "nodes")} left to be put right
      <ul className="font-mono text-xs break-all">
        {leftPaths.map((path) => (
          <li key={path}>
            <bdi>{plainText(path)}</bdi>
          </li>
        ))}
      </ul>
      {left > leftPaths.length && <span className="text-xs">and {left - leftPaths.length} more</span>}
    </div>
  );
}
