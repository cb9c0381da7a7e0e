"use client";

import { useId } from "react";
import { HTTP_METHODS } from "#domain/route-conditions.ts";
import { useRoutableServices } from "../routes/use-routable-services.ts";
import { Field } from "../ui/field.tsx";
import { Input, Textarea } from "../ui/input.tsx";
import { SegmentedControl } from "../ui/segmented-control.tsx";
import { SuggestInput } from "../ui/suggest-input.tsx";
import type { TypedRequest } from "./typed-request.ts";

const LISTENERS = [
  { value: "edge", label: "From outside" },
  { value: "egress", label: "From a service" },
];

interface RequestFormProps {
  readonly request: TypedRequest;
  readonly onChange: (request: TypedRequest) => void;
  /** Hosts that routes name. */
  readonly hosts: readonly string[];
}

/** The request to try. Every keystroke is answered: nothing is sent anywhere. */
export function RequestForm({ request, onChange, hosts }: RequestFormProps) {
  const legend = useId();
  const services = useRoutableServices();
  const change = (part: Partial<TypedRequest>): void => {
    onChange({ ...request, ...part });
  };
  const egress = request.listener === "egress";
  return (
    <div className="flex flex-col gap-4">
      <div role="group" aria-labelledby={legend} className="flex flex-col items-start gap-1">
        <span id={legend} className="text-sm font-medium text-ink-2">
          Where it comes from
        </span>
        <SegmentedControl
          label="Where it comes from"
          options={LISTENERS}
          value={request.listener}
          onChange={(listener) => {
            change({ listener: listener === "egress" ? "egress" : "edge" });
          }}
        />
      </div>
      {egress && (
        <Field label="Calling service" hint="Whose egress listener takes it.">
          {(control) => (
            <SuggestInput
              control={control}
              value={request.caller}
              onChange={(caller) => {
                change({ caller });
              }}
              items={services}
            />
          )}
        </Field>
      )}
      <div className="grid grid-cols-[104px_minmax(0,1fr)] gap-3">
        <Field label="Method">
          {(control) => (
            <SuggestInput
              control={control}
              value={request.method}
              onChange={(method) => {
                change({ method: method.toUpperCase() });
              }}
              items={HTTP_METHODS}
            />
          )}
        </Field>
        <Field label="Host">
          {(control) => (
            <SuggestInput
              control={control}
              value={request.host}
              onChange={(host) => {
                change({ host });
              }}
              items={egress ? services.map((service) => `${service}.mesh`) : hosts}
              placeholder={egress ? "orders.mesh" : "shop.example.com"}
            />
          )}
        </Field>
      </div>
      <Field label="Path and query">
        {(control) => (
          <Input
            {...control}
            className="font-mono"
            spellCheck={false}
            placeholder="/orders/7?page=2"
            value={request.target}
            onChange={(event) => {
              change({ target: event.target.value });
            }}
          />
        )}
      </Field>
      <Field label="Headers" hint="One a line.">
        {(control) => (
          <Textarea
            {...control}
            rows={3}
            className="font-mono"
            spellCheck={false}
            placeholder="x-canary: yes"
            value={request.headers}
            onChange={(event) => {
              change({ headers: event.target.value });
            }}
          />
        )}
      </Field>
      <Field label="Cookies">
        {(control) => (
          <Input
            {...control}
            className="font-mono"
            spellCheck={false}
            placeholder="session=7f3a; plan=gold"
            value={request.cookies}
            onChange={(event) => {
              change({ cookies: event.target.value });
            }}
          />
        )}
      </Field>
    </div>
  );
}
