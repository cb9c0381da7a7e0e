"use client";

import { Database, Network } from "lucide-react";
import { useId } from "react";
import type { KeptSide } from "#domain/publishing.ts";
import { plainText } from "../../diff/plain-text.ts";
import { formatCount } from "../../format/number.ts";
import { cn } from "../../ui/cn.ts";
import { counted } from "../counted.ts";
import { policyPlace } from "../policy-place.ts";
import { choiceEffects } from "./choice-effects.ts";
import type { ShownSurvey } from "./shown-survey.ts";

interface SideCardsProps {
  readonly survey: ShownSurvey;
  /** Revision that what is published next has to exceed. */
  readonly above: number;
  readonly keep: KeptSide | null;
  readonly disabled: boolean;
  readonly onKeep: (side: KeptSide) => void;
}

const CARDS = [
  { side: "database", icon: Database, title: "Keep the database", other: "ZooKeeper" },
  { side: "mesh", icon: Network, title: "Keep the mesh", other: "the database" },
] as const;

/** The two ways on, each with what it writes and removes, and what gateways do. */
export function SideCards({ survey, above, keep, disabled, onKeep }: SideCardsProps) {
  const name = useId();
  return (
    <fieldset disabled={disabled} className="grid gap-3 lg:grid-cols-2">
      <legend className="mb-2 text-md font-semibold">
        {survey.canKeepMesh ? "Which side is right?" : "Publish the database all the same?"}
      </legend>
      {CARDS.filter(({ side }) => side === "database" || survey.canKeepMesh).map(
        ({ side, icon: Icon, title, other }) => (
          <label
            key={side}
            className={cn(
              "flex min-w-0 gap-2 rounded-lg border p-3 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent",
              keep === side ? "border-accent bg-accent-tint" : "border-line-strong",
              !disabled && keep !== side && "cursor-pointer hover:bg-hover",
            )}
          >
            <input
              type="radio"
              name={name}
              value={side}
              className="mt-0.5 size-4 shrink-0 accent-(--accent) outline-none"
              aria-label={title}
              aria-describedby={`${name}-${side}`}
              checked={keep === side}
              onChange={() => {
                onKeep(side);
              }}
            />
            <span id={`${name}-${side}`} className="flex min-w-0 flex-1 flex-col gap-2">
              <span className="flex items-center gap-1.5 text-md font-semibold">
                <Icon aria-hidden className="size-4" />
                {title}
              </span>
              <SideFacts survey={survey} side={side} />
              {survey.canKeepMesh ? (
                <SideEffects survey={survey} side={side} other={other} />
              ) : (
                <AnewEffects survey={survey} above={above} />
              )}
            </span>
          </label>
        ),
      )}
      {!survey.canKeepMesh && <MeshCannotBeKept />}
    </fieldset>
  );
}

function AnewEffects({ survey, above }: { survey: ShownSurvey; above: number }) {
  return (
    <span className="flex flex-col gap-1.5">
      <span className="font-medium">
        {counted(survey.database.objects, "object is", "objects are")} published anew, above revision{" "}
        {formatCount(above)}
      </span>
      <span className="text-ink-2">
        All gateways take the database’s policy over at once, each as a whole, and drop what only they have; requests in
        flight end as they began.
      </span>
    </span>
  );
}

/** What is missed where the other card would stand. */
function MeshCannotBeKept() {
  return (
    <div className="flex min-w-0 flex-col gap-2 rounded-lg border border-line border-dashed p-3 text-ink-2">
      <p className="flex items-center gap-1.5 text-md font-semibold">
        <Network aria-hidden className="size-4" />
        The mesh cannot be kept
      </p>
      <p>
        ZooKeeper does not hold what the gateways have, and they hand nothing back: what a gateway says of itself is not
        proof enough to be saved as everybody’s policy. A newer backup has it all; without one, what is missing has to
        be made again.
      </p>
    </div>
  );
}

function SideFacts({ survey, side }: { survey: ShownSurvey; side: KeptSide }) {
  const { revision, objects, incarnation } = survey[side];
  return (
    <span className="text-sm text-ink-2">
      {counted(objects, "object", "objects")} at revision {formatCount(revision)}, of database{" "}
      <span className="font-mono" title={plainText(incarnation)}>
        {plainText(incarnation.slice(0, 8))}
      </span>
    </span>
  );
}

function SideEffects({ survey, side, other }: { survey: ShownSurvey; side: KeptSide; other: string }) {
  const { added, replaced, removed, unlisted } = choiceEffects(survey, side);
  return (
    <span className="flex flex-col gap-1.5">
      <Effect count={added.length} words={`added to ${other}`} names={added} />
      <Effect count={replaced.length} words={`of ${other} replaced`} names={replaced} />
      <Effect count={removed.length} words={`removed from ${other}`} names={removed} tone="bad" />
      {unlisted > 0 && (
        <span className="text-warn">
          {counted(unlisted, "more object differs and is", "more objects differ and are")} not listed: added, replaced
          or removed likewise
        </span>
      )}
      {survey.unreadable.length > 0 && (
        <span>
          {counted(survey.unreadable.length, "node that cannot be read is", "nodes that cannot be read are")} written
          over
        </span>
      )}
      <span className="text-ink-2">
        {side === "database"
          ? "Gateways take the database’s policy over at once, each as a whole; requests in flight end as they began."
          : "Gateways go on with what they serve now. The database takes it over as new revisions, in your name; its own values stay in the audit log."}
      </span>
    </span>
  );
}

/** Names shown before the rest is counted. */
const NAMES_MAX = 8;

function Effect(props: { count: number; words: string; names: readonly string[]; tone?: "bad" }) {
  const { count, words, names, tone } = props;
  const rest = names.length - NAMES_MAX;
  return (
    <span className="block min-w-0">
      <span className={cn("font-medium", tone === "bad" && count > 0 && "text-bad")}>
        {counted(count, "object", "objects")} {words}
      </span>
      {count > 0 && (
        <span className="block text-sm break-words text-ink-2">
          {names
            .slice(0, NAMES_MAX)
            .map((key) => plainText(policyPlace(key).name))
            .join(", ")}
          {rest > 0 && ` and ${formatCount(rest)} more`}
        </span>
      )}
    </span>
  );
}
