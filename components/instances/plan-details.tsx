import { formatRate } from "../format/number.ts";
import { Notice } from "../ui/notice.tsx";
import { namesInWords, type ChangeKind, type ServicePlan } from "./change-plan.ts";

interface PlanDetailsProps {
  readonly plan: ServicePlan;
  readonly kind: ChangeKind;
  /** There is no other service: its name need not be said. */
  readonly isOnly: boolean;
}

/** What a change does to one service: who stops, what they carry, who is left, and what will fail. */
export function PlanDetails({ plan, kind, isOnly }: PlanDetailsProps) {
  const { service, changed, same, effect } = plan;
  return (
    <section
      aria-label={service}
      className="flex flex-col gap-1.5 not-first:border-t not-first:border-line not-first:pt-2"
    >
      {!isOnly && (
        <h3 className="font-semibold text-ink">
          {service} <span className="font-normal text-ink-3">{countOf(changed.length)}</span>
        </h3>
      )}
      <Changed plan={plan} kind={kind} isOnly={isOnly} />
      {effect.stopping.length > 0 && <p>{stoppingInWords(plan)}</p>}
      {same > 0 && <p className="text-ink-3">{alreadyInWords(same, changed.length)}</p>}
      <WhatFails plan={plan} />
    </section>
  );
}

function Changed({ plan: { changed, effect }, kind, isOnly }: PlanDetailsProps) {
  if (changed.length === 0) return null;
  if (kind === "weight")
    return (
      <p>
        {namesInWords(changed.map(({ id, from, to }) => `${id}: ${from.weight.toString()} → ${to.weight.toString()}`))}
      </p>
    );
  const isNamed = isOnly && changed.length === 1;
  const who = namesInWords(changed.map(({ id }) => id));
  if (kind === "drain") {
    if (!isNamed) return <p>{who}</p>;
    return effect.stopping.length === 0 ? (
      <p>It takes no requests now, and will take none until it is sent some again.</p>
    ) : null;
  }
  const weights = [...new Set(changed.map(({ to }) => to.weight))];
  const [weight] = weights;
  const withWeight =
    weights.length === 1 && weight !== undefined && weight !== 100 ? `, with weight ${weight.toString()}` : "";
  if (isNamed) return <p>{`It takes its turn again like the others${withWeight}.`}</p>;
  return <p>{`${who}: ${changed.length === 1 ? "takes its turn" : "take their turns"} again${withWeight}.`}</p>;
}

function WhatFails({ plan: { service, effect } }: { plan: ServicePlan }) {
  const { stopping, left, stranded } = effect;
  if (stopping.length === 0) return null;
  if (left.length === 0) {
    return (
      <Notice tone="bad" role="alert" title={lastInWords(service, stopping.length)}>
        After this every request to {service} fails with 503, unless a backup answers it.
      </Notice>
    );
  }
  if (stranded.length === 0) return null;
  return (
    <Notice tone="bad" role="alert" title="Nobody else serves this">
      <ul>
        {stranded.map(({ routeId, destination }) => (
          <li key={`${routeId} ${destination}`} className="break-words">
            Route {routeId} sends requests to {destination}: they will fail with 503, unless a backup answers them.
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function lastInWords(service: string, stopping: number): string {
  return stopping === 1
    ? `This is the last instance of ${service} that takes requests`
    : `These are the last instances of ${service} that take requests`;
}

function stoppingInWords({ changed, effect: { stopping, rate, left } }: ServicePlan): string {
  const isOne = stopping.length === 1;
  const all = stopping.length === changed.length;
  const who = all ? (isOne ? "It" : "They") : `${stopping.length.toString()} of them`;
  const verb = all && isOne ? "carries" : "carry";
  const carried = rate > 0 ? `${who} ${verb} ${formatRate(rate)} now.` : `${who} ${verb} no traffic now.`;
  const others = left.length > 3 ? `the other ${left.length.toString()} instances` : left.join(", ");
  return `${carried} Requests in flight end; new ones ${left.length === 0 ? "have nowhere to go" : `go to ${others}`}.`;
}

function alreadyInWords(same: number, changed: number): string {
  if (changed > 0) return `${same.toString()} more ${same === 1 ? "is" : "are"} so already.`;
  return same === 1 ? "It is so already: nothing changes." : "They are so already: nothing changes.";
}

function countOf(changed: number): string {
  return changed === 1 ? "1 instance" : `${changed.toString()} instances`;
}
