"use client";

import { useFormContext, useWatch } from "react-hook-form";
import type { PathOptIn } from "#domain/canonical-path.ts";
import { ChoicesField, NumberField, SwitchField } from "../../ui/bound-fields.tsx";
import { Disclosure } from "../../ui/disclosure.tsx";
import { Notice } from "../../ui/notice.tsx";
import type { RouteFormInput } from "../route-form-schema.ts";
import { advancedInWords } from "./section-words.ts";

const LISTENERS = [
  { value: "edge", label: "Edge: requests from outside" },
  { value: "egress", label: "Egress: calls from services" },
];

const OPT_INS: readonly { readonly value: PathOptIn; readonly label: string; readonly danger: string }[] = [
  {
    value: "encoded-slash",
    label: "%2F, an encoded /",
    danger: "a service that decodes %2F before it looks at the path sees more segments than this route matched.",
  },
  {
    value: "encoded-backslash",
    label: "%5C, an encoded \\",
    danger: "a service on Windows, and some libraries, read %5C as / and so see another path.",
  },
  {
    value: "semicolon",
    label: "; (path parameters)",
    danger: "servlet containers cut ;… off before they decide who may see a path: /admin;x is /admin to them.",
  },
  {
    value: "double-slash",
    label: "// (empty segments)",
    danger: "many services read // as /, so a rule for /admin here does not see //admin there.",
  },
];

/** What most routes never need. */
export function AdvancedSection() {
  const { control } = useFormContext<RouteFormInput>();
  const [priority, pathOptIns = [], webSocket, listeners] = useWatch({
    control,
    name: ["spec.priority", "spec.pathOptIns", "spec.webSocket", "spec.listeners"],
  });
  const dangers = OPT_INS.filter(({ value }) => pathOptIns.includes(value));
  return (
    <Disclosure title="Advanced" {...advancedInWords({ priority, pathOptIns, webSocket, listeners })}>
      <div className="grid gap-4 sm:grid-cols-2">
        <ChoicesField<RouteFormInput> path="spec.listeners" label="Offered on" options={LISTENERS} />
        <NumberField<RouteFormInput>
          path="spec.priority"
          label="Priority"
          hint="Higher is asked first, before anything else is compared."
        />
      </div>
      <SwitchField<RouteFormInput>
        path="spec.webSocket"
        label="WebSocket"
        hint="Connections may be upgraded. Off: such requests are refused."
      />
      <ChoicesField<RouteFormInput>
        path="spec.pathOptIns"
        label="Let through in paths"
        hint="what services read in more than one way; refused with 400 otherwise"
        options={OPT_INS}
      />
      {dangers.length > 0 && (
        <Notice tone="warn" role="note" title="Make sure that the service reads such paths as this route does">
          <ul className="list-disc pl-4">
            {dangers.map(({ value, label, danger }) => (
              <li key={value}>
                <span className="font-medium">{label}</span>: {danger}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </Disclosure>
  );
}
