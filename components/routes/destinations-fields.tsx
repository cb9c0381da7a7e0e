"use client";

import { Plus } from "lucide-react";
import { useFieldArray, useFormContext, useWatch } from "react-hook-form";
import { formatRate } from "../format/number.ts";
import { useLive } from "../live/live-provider.tsx";
import { Button } from "../ui/button.tsx";
import { errorText } from "../ui/error-text.ts";
import { Panel } from "../ui/panel.tsx";
import { destinationName } from "./destination-name.ts";
import { DestinationRow } from "./destination-row.tsx";
import { routeRate } from "./known-services.ts";
import { EMPTY_DESTINATION, type RouteFormInput } from "./route-form-schema.ts";
import { WeightBar } from "./weight-bar.tsx";
import { evenSplit, sharesOf } from "./weights.ts";

/** Where requests go, and how many of them. */
export function DestinationsFields({ routeId }: { routeId: string }) {
  const { control, formState, setValue } = useFormContext<RouteFormInput>();
  const { fields, append, remove } = useFieldArray({ control, name: "spec.destinations" });
  const values = useWatch({ control, name: "spec.destinations" });
  const { picture } = useLive();
  const rate = routeRate(picture, routeId);
  const shares = sharesOf(values.map((value) => value.weight));
  const error = errorText(formState.errors, "spec.destinations");

  const splitEvenly = (): void => {
    for (const [at, weight] of evenSplit(values.length).entries()) {
      setValue(`spec.destinations.${at}.weight`, weight, { shouldDirty: true, shouldValidate: formState.isSubmitted });
    }
  };

  return (
    <Panel
      title="Destinations"
      note={rate > 0 ? `carries ${formatRate(rate)} now` : undefined}
      actions={
        <>
          <Button size="sm" disabled={fields.length < 2} onClick={splitEvenly}>
            Even split
          </Button>
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
        </>
      }
    >
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
    </Panel>
  );
}
