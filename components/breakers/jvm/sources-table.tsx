import type { HystrixSource } from "#domain/hystrix-command.ts";
import { NO_VALUE } from "../../format/number.ts";
import { Table, SortableTh, Td, Th, Tr } from "../../ui/table.tsx";
import { useSorted } from "../../ui/use-sorted.ts";
import { StreamState } from "./stream-state.tsx";

interface SourcesTableProps {
  readonly caption: string;
  readonly sources: readonly HystrixSource[];
  readonly nowMs: number;
}

/** Streams that instances advertise, and how each is doing. */
export function SourcesTable({ caption, sources, nowMs }: SourcesTableProps) {
  const { sorted, sorting } = useSorted(
    sources,
    { service: ({ service, instance }) => `${service} ${instance}`, state: ({ link }) => link.state },
    "service",
  );
  return (
    <Table caption={caption}>
      <thead>
        <tr>
          <SortableTh column="service" sorting={sorting}>
            Instance
          </SortableTh>
          <Th>Address of the stream</Th>
          <SortableTh column="state" sorting={sorting}>
            Stream
          </SortableTh>
        </tr>
      </thead>
      <tbody>
        {sorted.map((source) => (
          <Tr key={`${source.service} ${source.instance}`}>
            <Td className="align-top">
              <div className="font-medium">{source.service}</div>
              <div className="font-mono text-sm break-all text-ink-2">{source.instance}</div>
            </Td>
            <Td className="align-top font-mono text-sm break-all">{source.url === "" ? NO_VALUE : source.url}</Td>
            <Td className="align-top">
              <StreamState source={source} nowMs={nowMs} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
