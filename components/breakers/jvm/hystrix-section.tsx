"use client";

import { useLive } from "../../live/live-provider.tsx";
import { Panel } from "../../ui/panel.tsx";
import { SearchInput } from "../../ui/search-input.tsx";
import { useTextFilter } from "../../ui/use-text-filter.ts";
import { STATE_STYLES } from "../breaker-state.ts";
import { HystrixTile } from "./hystrix-tile.tsx";
import { sourcesOf, viewOf, worstFirst } from "./jvm-state.ts";
import { SourcesTable } from "./sources-table.tsx";

const TITLE = "Hystrix commands (JVM)";

/** Commands of JVM services, as their own `hystrix.stream`s tell of them, and the streams that cannot be read. */
export function HystrixSection() {
  const { picture } = useLive();
  const filter = useTextFilter();
  if (picture === null) return null;
  const { hystrix, hystrixSources, atMs, breakers } = picture;
  if (hystrixSources.length === 0) return <NoStreams />;
  const shown = worstFirst(hystrix, atMs).filter((command) => {
    const { state } = viewOf(command, atMs);
    const word = state === null ? "not known" : STATE_STYLES[state].word;
    return filter.matches(command.key, command.group, word, "hystrix jvm");
  });
  const unread = hystrixSources.filter(
    ({ link, service, instance, commands, truncated }) =>
      (link.state !== "up" || commands === 0 || truncated) && filter.matches(service, instance, link.problem),
  );
  const read = hystrixSources.filter(({ link }) => link.state === "up").length;
  return (
    <section aria-label={TITLE} className="mb-5">
      <div className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 className="text-md font-semibold">
          {TITLE} <span className="font-normal text-ink-3">{hystrix.length}</span>
        </h2>
        <p className="text-sm text-ink-3">
          {read} of {hystrixSources.length} {hystrixSources.length === 1 ? "stream" : "streams"} read. Nothing can be
          forced here: Hystrix has no remote control.
        </p>
        {breakers.length === 0 && (
          <div className="ml-auto max-sm:w-full">
            <SearchInput label="Search commands" value={filter.text} onChange={filter.setText} />
          </div>
        )}
      </div>
      {shown.length > 0 && (
        <div className="mb-4 grid grid-cols-[repeat(auto-fill,minmax(min(100%,280px),1fr))] gap-4">
          {shown.map((command) => (
            <HystrixTile
              key={command.key}
              command={command}
              sources={sourcesOf(hystrixSources, command.service)}
              nowMs={atMs}
            />
          ))}
        </div>
      )}
      {hystrix.length > 0 && shown.length === 0 && <p className="mb-4 text-ink-3">No Hystrix command matches.</p>}
      {unread.length > 0 && (
        <Panel title="Streams that are not read, or not in full" padded={false} className="live mb-4">
          <SourcesTable caption="Streams that are not read, or not in full" sources={unread} nowMs={atMs} />
        </Panel>
      )}
    </section>
  );
}

function NoStreams() {
  return (
    <section aria-label={TITLE} className="mb-5 text-sm text-ink-3">
      <h2 className="text-md font-semibold text-ink">{TITLE}</h2>
      <p className="max-w-[80ch]">
        No instance in the registry advertises a stream. A JVM service is shown here when its entry’s metadata has{" "}
        <code className="font-mono">hystrix.stream</code>: a path such as{" "}
        <code className="font-mono">/actuator/hystrix.stream</code>, or <code className="font-mono">:port/path</code>.
      </p>
    </section>
  );
}
