import { CircleAlert, CircleCheck, LoaderCircle, Unplug } from "lucide-react";
import type { HystrixSource } from "#domain/hystrix-command.ts";
import { formatAgo } from "../../format/time.ts";
import { Badge } from "../../ui/badge.tsx";

/** How an instance's stream is doing, and why when it is not. */
export function StreamState({ source, nowMs }: { source: HystrixSource; nowMs: number }) {
  const { link, heardAtMs } = source;
  return (
    <>
      <StreamBadge source={source} />
      <div className="min-w-40 text-sm text-ink-3">
        {heardAtMs === 0 ? "Nothing heard so far." : `Heard ${formatAgo(heardAtMs, nowMs)}.`} {link.problem}
        {link.state === "up" && source.commands === 0 && " Connected; no command has run there yet."}
        {source.truncated && ` It has more commands than the ${source.commands.toString()} that are kept.`}
      </div>
    </>
  );
}

function StreamBadge({ source: { link, url, heardAtMs } }: { source: HystrixSource }) {
  if (link.state === "up") {
    return (
      <Badge tone="good" icon={CircleCheck}>
        Read
      </Badge>
    );
  }
  if (link.state === "connecting") {
    return (
      <Badge tone="warn" icon={LoaderCircle}>
        Connecting
      </Badge>
    );
  }
  return (
    <Badge tone="bad" icon={heardAtMs > 0 ? Unplug : CircleAlert}>
      {heardAtMs > 0 ? "Lost" : url === "" ? "Refused" : "Not read"}
    </Badge>
  );
}
