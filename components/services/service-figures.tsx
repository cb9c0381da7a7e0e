"use client";

import type { LiveService } from "#domain/live.ts";
import type { TopologyNode } from "#domain/topology.ts";
import { standsOf } from "../breakers/instance-stand.ts";
import { formatErrors, formatLatency, formatRate } from "../format/number.ts";
import { useServerNow } from "../live/use-now.ts";
import { formatByteRate } from "../signals/byte-rate.ts";
import { Stat } from "../ui/stat.tsx";
import { useServicePolicy } from "./use-service-policy.ts";

interface ServiceFiguresProps {
  readonly name: string;
  readonly node: TopologyNode | null;
  readonly service: LiveService | null;
}

/** How the service does now, in one line. */
export function ServiceFigures({ name, node, service }: ServiceFiguresProps) {
  const settings = useServicePolicy(name).row?.spec.instances ?? {};
  const nowMs = useServerNow();
  // As the table of instances has it: who was forced out or ejected is registered, and serves nobody.
  const serving =
    service === null
      ? 0
      : standsOf(service, settings, nowMs).filter(({ kind }) => kind === "in" || kind === "kept-in").length;
  return (
    <dl className="live flex flex-wrap gap-x-10 gap-y-2 rounded-lg border border-line bg-surface px-4 py-3">
      <Stat label="Requests">{formatRate(node?.requestsPerSecond ?? 0)}</Stat>
      <Stat label="Errors">{formatErrors(node)}</Stat>
      <Stat label="p50">{formatLatency(node?.p50Ms ?? null)}</Stat>
      <Stat label="p95">{formatLatency(node?.p95Ms ?? null)}</Stat>
      <Stat label="p99">{formatLatency(node?.p99Ms ?? null)}</Stat>
      <Stat label="Answers">{formatByteRate(node?.bytesPerSecond ?? 0)}</Stat>
      <Stat label="Instances serving">
        {service === null ? "none registered" : `${serving.toString()} of ${service.instances.length.toString()}`}
      </Stat>
    </dl>
  );
}
