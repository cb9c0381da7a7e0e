import type { LinkStatus, LivePicture } from "#domain/live.ts";
import { Notice } from "../ui/notice.tsx";
import { Panel } from "../ui/panel.tsx";
import { Stat } from "../ui/stat.tsx";

const LINK_WORDS = { up: "connected", connecting: "connecting", down: "down" } as const;

function linkInWords({ state, problem }: LinkStatus): string {
  return problem === "" ? LINK_WORDS[state] : `${LINK_WORDS[state]}: ${problem}`;
}

/** What is saved, what is published, and who publishes. */
export function SyncFacts({ picture }: { picture: LivePicture }) {
  const { sync, links } = picture;
  return (
    <Panel title="Publishing" className="live">
      {sync.halted !== "" && (
        <Notice tone="bad" title="Publishing stands still">
          {sync.halted}
        </Notice>
      )}
      <dl className="grid grid-cols-2 gap-x-8 gap-y-3 sm:grid-cols-3 xl:grid-cols-6">
        <Stat label="Saved revision">{sync.savedRevision.toString()}</Stat>
        <Stat label="Published revision">{sync.publishedRevision?.toString() ?? "unknown"}</Stat>
        <Stat label="Publishes">{sync.leader ?? "nobody is elected"}</Stat>
        <Stat label="This console">{picture.consoleId}</Stat>
        <Stat label="ZooKeeper">{linkInWords(links.zookeeper)}</Stat>
        <Stat label="Database">{linkInWords(links.database)}</Stat>
      </dl>
    </Panel>
  );
}
