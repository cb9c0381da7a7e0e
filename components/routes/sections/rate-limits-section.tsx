"use client";

import { Plus, Trash2 } from "lucide-react";
import { useFieldArray, useFormContext, useWatch } from "react-hook-form";
import { NumberField, QuantityField } from "../../ui/bound-fields.tsx";
import { Button } from "../../ui/button.tsx";
import { Disclosure } from "../../ui/disclosure.tsx";
import { DURATION_UNITS } from "../../ui/quantity.ts";
import { RequestKeyField } from "../request-key-field.tsx";
import { FRESH, type RouteFormInput } from "../route-form-schema.ts";
import { rateLimitsInWords } from "./section-words.ts";

/** How many requests are let through. */
export function RateLimitsSection() {
  const { control } = useFormContext<RouteFormInput>();
  const limits = useWatch({ control, name: "spec.rateLimits" });
  const { fields, append, remove } = useFieldArray({ control, name: "spec.rateLimits" });
  return (
    <Disclosure title="Rate limits" {...rateLimitsInWords(limits)}>
      <p className="text-sm text-ink-3">
        A request is let through when every limit has room, else refused with 429 and Retry-After. Each gateway counts
        by itself: with two gateways, twice as many pass.
      </p>
      <ol data-field="spec.rateLimits" className="flex flex-col gap-4">
        {fields.map((field, at) => {
          const context = `of limit ${(at + 1).toString()}`;
          return (
            <li key={field.id}>
              <div
                role="group"
                aria-label={`Limit ${(at + 1).toString()}`}
                className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] items-start gap-x-3 gap-y-2 lg:grid-cols-[96px_136px_96px_minmax(0,1fr)_auto]"
              >
                <NumberField<RouteFormInput>
                  path={`spec.rateLimits.${at}.requests`}
                  label="Requests"
                  labelContext={context}
                />
                <QuantityField<RouteFormInput>
                  path={`spec.rateLimits.${at}.perMs`}
                  label="Per"
                  labelContext={context}
                  units={DURATION_UNITS}
                />
                <NumberField<RouteFormInput>
                  path={`spec.rateLimits.${at}.burst`}
                  label="At once"
                  labelContext={context}
                  className="max-lg:row-start-2"
                />
                <RequestKeyField<RouteFormInput>
                  path={`spec.rateLimits.${at}.by`}
                  label="Counted for"
                  labelContext={context}
                  none="all requests together"
                  className="max-lg:col-span-3 max-lg:row-start-3"
                />
                <Button
                  variant="ghost"
                  size="icon"
                  className="mt-5 max-lg:col-start-3 max-lg:row-start-1"
                  aria-label={`Remove limit ${(at + 1).toString()}`}
                  onClick={() => {
                    remove(at);
                  }}
                >
                  <Trash2 aria-hidden />
                </Button>
              </div>
            </li>
          );
        })}
      </ol>
      <div className="-ml-2">
        <Button
          size="sm"
          variant="ghost"
          disabled={fields.length >= 4}
          onClick={() => {
            append(FRESH.rateLimit);
          }}
        >
          <Plus aria-hidden />
          Add limit
        </Button>
      </div>
    </Disclosure>
  );
}
