"use client";

import { Plus } from "lucide-react";
import { useFieldArray, useFormContext, useWatch } from "react-hook-form";
import { formatRate } from "../format/number.ts";
import { Button } from "../ui/button.tsx";
import { errorText } from "../ui/error-text.ts";
import { destinationName } from "#domain/destination-name.ts";
import { DestinationRow } from "./destination-row.tsx";
import { useRouteRate } from "./use-routable-services.ts";
import { RequestKeyField } from "./request-key-field.tsx";
import { EMPTY_DESTINATION, type RouteFormInput } from "./route-form-schema.ts";
import { WeightBar } from "./weight-bar.tsx";
import { evenSplit, sharesOf } from "./weights.ts";

/** Where requests go, and how many of them. */
export function DestinationsFields({ routeId }: { routeId: string }) {
  const { control, formState, setValue } = useFormContext<RouteFormInput>();
  const { fields, append, remove } = useFieldArray({ control, name: "spec.destinations" });
  const values = useWatch({ control, name: "spec.destinations" });
  const rate = useRouteRate(routeId);
  const shares = sharesOf(values.map((value) => value.weight));
  const error = errorText(formState.errors, "spec.destinations");

  const splitEvenly = (): void => {
    for (const [at, weight] of evenSplit(values.length).entries()) {
      setValue(`spec.destinations.${at}.weight`, weight, { shouldDirty: true, shouldValidate: formState.isSubmitted });
    }
  };

  return (
    <div data-field="spec.destinations">
      {error !== undefined && (
        <p role="alert" className="mb-2 text-bad">
          {error}
        </p>
      )}
      <WeightBar destinations={values.map((value) => ({ name: destinationName(value), weight: value.weight }))} />
      <ol className="mt-2 flex flex-col divide-y divide-line">
        {fields.map((field, at) => (
          <DestinationRow
            key={field.id}
            at={at}
            share={shares[at] ?? 0}
            rate={rate}
            onRemove={
              fields.length > 1
                ? () => {
                    remove(at);
                  }
                : null
            }
          />
        ))}
      </ol>
      <div className="mt-3 flex flex-wrap items-center gap-2">
        <Button
          size="sm"
          disabled={fields.length >= 16}
          onClick={() => {
            append({ ...EMPTY_DESTINATION, weight: 0 });
          }}
        >
          <Plus aria-hidden />
          Add destination
        </Button>
        <Button size="sm" disabled={fields.length < 2} onClick={splitEvenly}>
          Even split
        </Button>
        {rate > 0 && <span className="text-sm text-ink-3">carries {formatRate(rate)} now</span>}
      </div>
      {fields.length > 1 && (
        <RequestKeyField<RouteFormInput>
          path="spec.sticky"
          label="Sticky by"
          none="nothing: destinations take turns"
          hint="The same key goes to the same destination as long as weights stay, so that a person sees one version."
          className="mt-4 max-w-lg"
        />
      )}
    </div>
  );
}
