import type { Truncated } from "#domain/instance.ts";
import { Notice } from "../ui/notice.tsx";

/** Says how much of the registry is not shown, where that is so. */
export function LeftOut({ truncated }: { truncated: Truncated }) {
  const parts = [
    [truncated.services, "services"],
    [truncated.instances, "instances"],
    [truncated.consumers, "consumers"],
  ] as const;
  const beyond = parts.flatMap(([count, what]) => (count > 0 ? [`${count.toLocaleString("en")} more ${what}`] : []));
  if (beyond.length === 0) return null;
  return (
    <Notice tone="warn" title="The registry holds more than is read">
      {beyond.join(", ")}. What is not read is neither shown nor called.
    </Notice>
  );
}
