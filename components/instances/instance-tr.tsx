import { Pencil } from "lucide-react";
import Link from "next/link";
import { memo, type ReactNode } from "react";
import { authorityOf } from "#domain/instance.ts";
import { formatRate, NO_VALUE } from "../format/number.ts";
import { plainText } from "../diff/plain-text.ts";
import { links } from "../links.ts";
import { InstanceStatus } from "../services/instance-status.tsx";
import { TrafficCells } from "../services/traffic-columns.tsx";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { useSteady } from "../ui/use-steady.ts";
import { Td, Tr } from "../ui/table.tsx";
import type { InstanceRow } from "./instance-row.ts";
import { RowCheck } from "./row-check.tsx";

interface InstanceTrProps {
  readonly row: InstanceRow;
  readonly withService: boolean;
  readonly withProtocol: boolean;
  /** Null where nothing can be selected. */
  readonly selected: boolean | null;
  readonly locked: boolean;
  /** How long ago it registered, in words. */
  readonly age: string;
  readonly onWeight: (row: InstanceRow) => void;
  /** `range`: with all rows from the one ticked last. */
  readonly onToggle: (key: string, range: boolean) => void;
  readonly actions: ReactNode;
}

/** Many rows are compared with each other: they stand closer than elsewhere. */
const DENSE = "py-1.5 max-sm:py-2 max-sm:align-top";
const WIDE_ONLY = "py-1.5 max-sm:hidden";

/** One instance in a list. Of a thousand rows few read differently a second later: only those are drawn again. */
export function InstanceTr({ row, ...rest }: InstanceTrProps) {
  return <RowCells {...rest} row={useSteady(row)} />;
}

const RowCells = memo(function RowCells(props: InstanceTrProps) {
  const { row, withService, withProtocol, selected, locked, age, onWeight, onToggle, actions } = props;
  const { instance, setting, stand, traffic, labels, service, id } = row;
  const weight = (
    <WeightButton row={row} disabled={selected === null || locked || !row.isNameable} onWeight={onWeight} />
  );
  return (
    <Tr className={cn(selected === true && "bg-accent-tint hover:bg-accent-tint")}>
      {selected !== null && (
        <Td className={cn("w-7 pr-0", DENSE)}>
          <RowCheck
            label={`Select ${id}${withService ? ` of ${service}` : ""}`}
            checked={selected}
            disabled={!row.isNameable}
            title={row.isNameable ? undefined : "No policy can be written for a service of this name"}
            onToggle={(range) => {
              onToggle(row.key, range);
            }}
          />
        </Td>
      )}
      <Td className={cn("max-w-56 max-sm:max-w-none", DENSE)} title={id}>
        <bdi className="line-clamp-2 font-mono text-sm [overflow-wrap:anywhere]">{plainText(id)}</bdi>
        <NarrowFacts row={row} withService={withService} />
      </Td>
      {withService && (
        <Td className={cn("max-w-40 truncate", WIDE_ONLY)} title={service}>
          <Link href={links.service(service)} className="text-accent hover:underline">
            <bdi>{plainText(service)}</bdi>
          </Link>
        </Td>
      )}
      <Td className={cn("font-mono text-sm whitespace-nowrap", WIDE_ONLY)}>{authorityOf(instance)}</Td>
      {withProtocol && <Td className={cn("text-ink-2", WIDE_ONLY)}>{instance.protocol}</Td>}
      <Td className={cn("max-w-44 text-sm text-ink-2", WIDE_ONLY)} title={labels}>
        <bdi className="line-clamp-2">{plainText(labels) || NO_VALUE}</bdi>
      </Td>
      <Td className={DENSE}>
        <InstanceStatus stand={stand} setting={setting} />
        <div className="mt-1.5 flex flex-col items-start gap-1.5 sm:hidden">
          <div className="flex flex-wrap items-center gap-x-0.5 text-ink-2">
            <span aria-hidden>Weight</span>
            {weight}
          </div>
          {actions}
        </div>
      </Td>
      <Td className={cn("text-right", WIDE_ONLY)}>{weight}</Td>
      <Td className={cn("whitespace-nowrap text-ink-2", WIDE_ONLY)}>{age}</Td>
      <TrafficCells traffic={traffic} className={WIDE_ONLY} />
      {actions !== undefined && <Td className={WIDE_ONLY}>{actions}</Td>}
    </Tr>
  );
});

/** What phones have no columns for. */
function NarrowFacts({ row, withService }: { row: InstanceRow; withService: boolean }) {
  const { service, instance, labels, traffic } = row;
  return (
    <div className="text-sm break-words text-ink-2 sm:hidden">
      {withService && <div>{plainText(service)}</div>}
      <Authority text={authorityOf(instance)} />
      {instance.protocol !== "http" && <div>{instance.protocol}</div>}
      {labels !== "" && <div>{plainText(labels)}</div>}
      <div>{formatRate(traffic?.requestsPerSecond ?? 0)}</div>
    </div>
  );
}

/** An address may be broken anywhere, its port nowhere. */
function Authority({ text }: { text: string }) {
  const portAt = text.lastIndexOf(":");
  return (
    <div className="font-mono [overflow-wrap:anywhere]">
      {text.slice(0, portAt)}
      <span className="whitespace-nowrap">{text.slice(portAt)}</span>
    </div>
  );
}

interface WeightButtonProps {
  readonly row: InstanceRow;
  readonly disabled: boolean;
  readonly onWeight: (row: InstanceRow) => void;
}

/** The weight in force; the registered one with it, where a person set another. */
function WeightButton({ row, disabled, onWeight }: WeightButtonProps) {
  const { id, instance, setting } = row;
  const weight = setting.weight.toString();
  return (
    <>
      <Button
        variant="ghost"
        size="sm"
        className="-mr-2"
        disabled={disabled}
        aria-label={`Weight of ${id}: ${weight}. Change…`}
        onClick={() => {
          onWeight(row);
        }}
      >
        {weight}
        <Pencil aria-hidden className="text-ink-3" />
      </Button>
      {instance.weight !== null && instance.weight !== setting.weight && (
        <div className="text-sm whitespace-nowrap text-ink-2">registered {instance.weight}</div>
      )}
    </>
  );
}
