import { Pencil } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { authorityOf } from "#domain/instance.ts";
import { NO_VALUE } from "../format/number.ts";
import { formatAgo } from "../format/time.ts";
import { links } from "../links.ts";
import { InstanceStatus } from "../services/instance-status.tsx";
import { TrafficCells, TrafficHeads } from "../services/traffic-columns.tsx";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { SortableTh, Table, Td, Th, Tr } from "../ui/table.tsx";
import type { Sorting } from "../ui/use-sorted.ts";
import type { InstanceColumn } from "./instance-order.ts";
import type { InstanceRow } from "./instance-row.ts";
import { RowCheck, stepBetweenChecks } from "./row-check.tsx";
import type { SelectionState } from "./use-selection.ts";

/** What of the table depends on where it stands. */
export interface InstancesTableOptions {
  readonly caption: string;
  readonly sorting: Sorting<InstanceColumn>;
  /** Instances are of many services: say of which. */
  readonly withService: boolean;
  /** What can be done with one row besides. */
  readonly rowActions?: (row: InstanceRow) => ReactNode;
}

interface InstancesTableProps extends InstancesTableOptions {
  readonly rows: readonly InstanceRow[];
  /** Null for people who may not change anything. */
  readonly selection: SelectionState | null;
  /** Changes wait for what is set now. */
  readonly locked: boolean;
  readonly onWeight: (row: InstanceRow) => void;
  readonly nowMs: number;
}

const WIDE_ONLY = "max-sm:hidden";

/** Instances with what each is doing. On phones what does not fit stands under the instance's name. */
export function InstancesTable(props: InstancesTableProps) {
  const { caption, rows, selection } = props;
  const order = rows.filter(({ isNameable }) => isNameable).map(({ key }) => key);
  return (
    <Table caption={caption}>
      <thead>
        <HeadRow {...props} order={order} />
      </thead>
      <tbody onKeyDown={stepBetweenChecks}>
        {rows.map((row) => (
          <InstanceTr
            key={row.key}
            {...props}
            row={row}
            onToggle={(range) => {
              selection?.toggle(row.key, order, range);
            }}
          />
        ))}
      </tbody>
    </Table>
  );
}

function HeadRow({
  sorting,
  withService,
  rowActions,
  selection,
  order,
}: InstancesTableProps & { order: readonly string[] }) {
  const ticked = selection === null ? 0 : order.filter(selection.has).length;
  return (
    <tr>
      {selection !== null && (
        <Th className="w-9">
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
      <SortableTh column="protocol" sorting={sorting} className={WIDE_ONLY}>
        Protocol
      </SortableTh>
      <Th className={WIDE_ONLY}>Labels</Th>
      <SortableTh column="status" sorting={sorting}>
        Status
      </SortableTh>
      <SortableTh column="weight" sorting={sorting} numeric>
        Weight
      </SortableTh>
      <SortableTh column="since" sorting={sorting} className={WIDE_ONLY}>
        Registered
      </SortableTh>
      <TrafficHeads sorting={sorting} className={WIDE_ONLY} />
      {rowActions !== undefined && (
        <Th>
          <span className="sr-only">Actions</span>
        </Th>
      )}
    </tr>
  );
}

interface InstanceTrProps extends InstancesTableProps {
  readonly row: InstanceRow;
  readonly onToggle: (range: boolean) => void;
}

function InstanceTr({ row, withService, rowActions, selection, locked, onWeight, nowMs, onToggle }: InstanceTrProps) {
  const { instance, setting, stand, traffic, labels, service, id } = row;
  const isTicked = selection?.has(row.key) ?? false;
  return (
    <Tr className={cn(isTicked && "bg-accent-tint hover:bg-accent-tint")}>
      {selection !== null && (
        <Td className="w-9 max-sm:align-top">
          <RowCheck
            label={`Select ${id}${withService ? ` of ${service}` : ""}`}
            checked={isTicked}
            disabled={!row.isNameable}
            title={row.isNameable ? undefined : "No policy can be written for a service of this name"}
            onToggle={onToggle}
          />
        </Td>
      )}
      <Td className="max-w-56 max-sm:max-w-36">
        <div className="truncate font-mono text-sm max-sm:break-all max-sm:whitespace-normal" title={id}>
          {id}
        </div>
        <div className="text-sm break-words text-ink-3 sm:hidden">
          {withService && <div>{service}</div>}
          <div className="font-mono break-all">{authorityOf(instance)}</div>
          {instance.protocol !== "http" && <div>{instance.protocol}</div>}
          {labels !== "" && <div>{labels}</div>}
        </div>
      </Td>
      {withService && (
        <Td className={cn("max-w-44 truncate", WIDE_ONLY)} title={service}>
          <Link href={links.service(service)} className="text-accent hover:underline">
            {service}
          </Link>
        </Td>
      )}
      <Td className={cn("font-mono text-sm whitespace-nowrap", WIDE_ONLY)}>{authorityOf(instance)}</Td>
      <Td className={cn("text-ink-2", WIDE_ONLY)}>{instance.protocol}</Td>
      <Td className={cn("max-w-56 truncate text-ink-2", WIDE_ONLY)} title={labels}>
        {labels || NO_VALUE}
      </Td>
      <Td className="max-sm:align-top">
        <InstanceStatus stand={stand} setting={setting} />
      </Td>
      <Td className="text-right max-sm:align-top">
        <WeightCell row={row} disabled={selection === null || locked || !row.isNameable} onWeight={onWeight} />
      </Td>
      <Td className={cn("whitespace-nowrap text-ink-2", WIDE_ONLY)}>
        {instance.registeredAtMs === 0 ? NO_VALUE : formatAgo(instance.registeredAtMs, nowMs)}
      </Td>
      <TrafficCells traffic={traffic} className={WIDE_ONLY} />
      {rowActions !== undefined && <Td className="py-1">{rowActions(row)}</Td>}
    </Tr>
  );
}

interface WeightCellProps {
  readonly row: InstanceRow;
  readonly disabled: boolean;
  readonly onWeight: (row: InstanceRow) => void;
}

/** The weight in force; the registered one with it, where a person set another. */
function WeightCell({ row, disabled, onWeight }: WeightCellProps) {
  const { id, instance, setting } = row;
  const isOverridden = instance.weight !== null && instance.weight !== setting.weight;
  return (
    <>
      <Button
        variant="ghost"
        size="sm"
        className="-mr-2"
        disabled={disabled}
        aria-label={`Weight of ${id}: ${setting.weight.toString()}. Change…`}
        onClick={() => {
          onWeight(row);
        }}
      >
        {setting.weight}
        <Pencil aria-hidden className="text-ink-3" />
      </Button>
      {isOverridden && (
        <div className="text-sm whitespace-nowrap text-ink-3">registered {instance.weight?.toString()}</div>
      )}
    </>
  );
}
