"use client";

import { Plus, SlidersHorizontal } from "lucide-react";
import { get, useFieldArray, useFormContext, useWatch } from "react-hook-form";
import { namePattern, type HealthOverride } from "#domain/health-policy.ts";
import { isSameValue } from "#domain/same-value.ts";
import { useLivePart } from "../live/live-provider.tsx";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { errorText } from "../ui/error-text.ts";
import { Panel } from "../ui/panel.tsx";
import { SearchInput } from "../ui/search-input.tsx";
import { useTextFilter } from "../ui/use-text-filter.ts";
import type { HealthFormInput } from "./health-form-input.ts";
import { OverrideFields } from "./override-fields.tsx";

/** Nothing other than the default yet. */
const BLANK = {
  errorPercentDegraded: null,
  errorPercentFailing: null,
  p95MsDegraded: null,
  p95MsFailing: null,
  timeoutPercentDegraded: null,
  minRequests: null,
} as const satisfies Omit<HealthOverride, "match">;

/** Thresholds of some services, by name or pattern. */
export function OverridesFields() {
  const { control, formState } = useFormContext<HealthFormInput>();
  const { fields, prepend, remove } = useFieldArray({ control, name: "overrides" });
  const typed = useWatch({ control, name: "overrides" });
  const { text, setText, matches } = useTextFilter();
  const services = useServiceNames();
  const boundBy = (match: string): string[] => {
    const isOf = namePattern(match.trim());
    return match.trim() === "" ? [] : services.filter(isOf);
  };
  const shown = fields.map((field, at) => {
    const match = typed?.[at]?.match ?? "";
    const bound = boundBy(match);
    // What has to be put right, or is not yet named, is not hidden.
    const isShown = match === "" || get(formState.errors, `overrides.${at}`) !== undefined || matches(match, ...bound);
    return { id: field.id, at, bound, isShown };
  });
  const error = errorText(formState.errors, "overrides");
  const wanted = services.includes(text.trim()) ? text.trim() : "";
  const add = (match: string): void => {
    // Whoever searches for others must see what is added.
    if (match === "") setText("");
    prepend({ match, ...BLANK });
  };
  return (
    <Panel
      title="Overrides"
      note="by a service's name, or a pattern such as pay*; a name goes before a pattern, a longer pattern before a shorter one"
      actions={
        <Button size="sm" disabled={fields.length >= 200} onClick={() => add("")}>
          <Plus aria-hidden />
          Add override
        </Button>
      }
    >
      <div data-field="overrides" className="flex flex-col gap-3">
        {(fields.length > 0 || text !== "") && (
          <SearchInput label="Search overrides and services" value={text} onChange={setText} />
        )}
        {error !== undefined && (
          <p role="alert" className="text-bad">
            {error}
          </p>
        )}
        <ul className="flex flex-col gap-3">
          {shown.map(({ id, at, bound, isShown }) => (
            <li key={id} hidden={!isShown}>
              <OverrideFields at={at} bound={bound} services={services} onRemove={() => remove(at)} />
            </li>
          ))}
        </ul>
        {!shown.some(({ isShown }) => isShown) && (
          <EmptyState
            icon={SlidersHorizontal}
            title={fields.length === 0 ? "No overrides" : `No override fits “${text}”`}
            action={
              wanted !== "" && (
                <Button size="sm" onClick={() => add(wanted)}>
                  Add one for {wanted}
                </Button>
              )
            }
          >
            The thresholds above bind {wanted === "" ? "every service" : wanted}.
          </EmptyState>
        )}
      </div>
    </Panel>
  );
}

/** Services of the topology, by name; the same list for as long as they are the same. */
function useServiceNames(): readonly string[] {
  return useLivePart(
    ({ picture }) => (picture?.topology.nodes ?? []).filter(({ kind }) => kind === "service").map(({ name }) => name),
    isSameValue,
  );
}
