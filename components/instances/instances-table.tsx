import type { ReactNode } from "react";
import { NO_VALUE } from "../format/number.ts";
import { formatAgo } from "../format/time.ts";
import { TrafficHeads } from "../services/traffic-columns.tsx";
import { SortableTh, Table, Th } from "../ui/table.tsx";
import type { Sorting } from "../ui/use-sorted.ts";
import type { InstanceColumn } from "./instance-order.ts";
import type { InstanceRow } from "./instance-row.ts";
import { InstanceTr } from "./instance-tr.tsx";
import { RowCheck } from "./row-check.tsx";
import type { SelectionState } from "./use-selection.ts";

interface InstancesTableProps {
  readonly caption: string;
  readonly rows: readonly InstanceRow[];
  readonly sorting: Sorting<InstanceColumn>;
  /** Instances are of many services: say of which. */
  readonly withService: boolean;
  /** Null for people who may not change anything. */
  readonly selection: Pick<SelectionState, "has" | "setAll"> | null;
  /** The same function each time: rows keep still. */
  readonly onToggle: SelectionState["toggle"];
  /** Changes wait for what is set now. */
  readonly locked: boolean;
  readonly onWeight: (row: InstanceRow) => void;
  /** What can be done with one row besides. */
  readonly rowActions?: (row: InstanceRow) => ReactNode;
  readonly nowMs: number;
}

const WIDE_ONLY = "max-sm:hidden";

/** Instances with what each is doing. On phones what has no room of its own stands under name and status. */
export function InstancesTable(props: InstancesTableProps) {
  const { caption, rows, selection, withService, locked, onWeight, onToggle, rowActions, nowMs } = props;
  // A column that says the same of all says nothing.
  const withProtocol = rows.some(({ instance }) => instance.protocol !== "http");
  const order = rows.filter(({ isNameable }) => isNameable).map(({ key }) => key);
  return (
    <Table caption={caption}>
      <thead>
        <HeadRow {...props} order={order} withProtocol={withProtocol} />
      </thead>
      <tbody>
        {rows.map((row) => (
          <InstanceTr
            key={row.key}
            row={row}
            withService={withService}
            withProtocol={withProtocol}
            selected={selection === null ? null : selection.has(row.key)}
            locked={locked}
            age={row.instance.registeredAtMs === 0 ? NO_VALUE : formatAgo(row.instance.registeredAtMs, nowMs)}
            onWeight={onWeight}
            onToggle={onToggle}
            actions={rowActions?.(row)}
          />
        ))}
      </tbody>
    </Table>
  );
}

interface HeadRowProps extends InstancesTableProps {
  /** Keys of the rows that can be ticked. */
  readonly order: readonly string[];
  readonly withProtocol: boolean;
}

function HeadRow({ sorting, withService, withProtocol, rowActions, selection, order }: HeadRowProps) {
  const ticked = selection === null ? 0 : order.filter(selection.has).length;
  return (
    <tr>
      {selection !== null && (
        <Th className="w-7 pr-0">
          <RowCheck
            label="Select all instances shown"
            checked={ticked > 0 && ticked === order.length}
            isMixed={ticked > 0 && ticked < order.length}
            disabled={order.length === 0}
            onToggle={() => {
              selection.setAll(order, ticked < order.length);
            }}
          />
        </Th>
      )}
      <SortableTh column="id" sorting={sorting}>
        Instance
      </SortableTh>
      {withService && (
        <SortableTh column="service" sorting={sorting} className={WIDE_ONLY}>
          Service
        </SortableTh>
      )}
      <SortableTh column="address" sorting={sorting} className={WIDE_ONLY}>
        Address
      </SortableTh>
      {withProtocol && (
        <SortableTh column="protocol" sorting={sorting} className={WIDE_ONLY}>
          Protocol
        </SortableTh>
      )}
      <Th className={WIDE_ONLY}>Labels</Th>
      <SortableTh column="status" sorting={sorting}>
        Status
      </SortableTh>
      <SortableTh column="weight" sorting={sorting} numeric className={WIDE_ONLY}>
        Weight
      </SortableTh>
      <SortableTh column="since" sorting={sorting} className={WIDE_ONLY}>
        Registered
      </SortableTh>
      <TrafficHeads sorting={sorting} className={WIDE_ONLY} />
      {rowActions !== undefined && (
        <Th className={WIDE_ONLY}>
          <span className="sr-only">Actions</span>
        </Th>
      )}
    </tr>
  );
}
