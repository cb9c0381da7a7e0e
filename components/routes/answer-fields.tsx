"use client";

import { NumberField, SelectField, TextField } from "../ui/bound-fields.tsx";
import { PathRewriteFields } from "./path-rewrite-fields.tsx";
import type { RouteFormInput } from "./route-form-schema.ts";

const STATUSES = [
  { value: "301", label: "301 moved for good; a POST may become a GET" },
  { value: "302", label: "302 elsewhere for now; a POST may become a GET" },
  { value: "303", label: "303 see another address, with GET" },
  { value: "307", label: "307 elsewhere for now, same method" },
  { value: "308", label: "308 moved for good, same method" },
];
const SCHEMES = [
  { value: "", label: "as requested" },
  { value: "https", label: "https" },
  { value: "http", label: "http" },
];

/** Where the gateway sends callers instead. What stays empty is as the request had it. */
export function RedirectFields() {
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField<RouteFormInput> path="spec.answer.status" label="Status" as="number" options={STATUSES} />
        <SelectField<RouteFormInput> path="spec.answer.scheme" label="Scheme" as="nullable" options={SCHEMES} />
        <TextField<RouteFormInput>
          path="spec.answer.host"
          label="Host"
          optional
          placeholder="as requested"
          hint="Without port."
        />
        <NumberField<RouteFormInput>
          path="spec.answer.port"
          label="Port"
          optional
          placeholder="as requested"
          hint="80 and 443 are left out where the scheme implies them."
        />
      </div>
      <PathRewriteFields path="spec.answer.path" label="Path of the new address" />
    </div>
  );
}

/** What the gateway says itself. */
export function FixedResponseFields() {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <NumberField<RouteFormInput> path="spec.answer.status" label="Status" hint="200 to 599." />
      <TextField<RouteFormInput> path="spec.answer.contentType" label="Content type" />
      <TextField<RouteFormInput>
        path="spec.answer.body"
        label="Body"
        lines={4}
        mono
        hint="At most 16,384 characters, sent as it stands."
        className="sm:col-span-2"
      />
    </div>
  );
}
