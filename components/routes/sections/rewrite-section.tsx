"use client";

import { useFormContext, useWatch } from "react-hook-form";
import { TextField } from "../../ui/bound-fields.tsx";
import { Disclosure } from "../../ui/disclosure.tsx";
import { PathRewriteFields } from "../path-rewrite-fields.tsx";
import type { RouteFormInput } from "../route-form-schema.ts";
import { rewriteInWords } from "./section-words.ts";

/** What the service is asked for instead of what the caller wrote. */
export function RewriteSection() {
  const { control } = useFormContext<RouteFormInput>();
  const [rewriteHost, rewritePath] = useWatch({ control, name: ["spec.rewriteHost", "spec.rewritePath"] });
  return (
    <Disclosure title="Rewrite" {...rewriteInWords({ rewriteHost, rewritePath })}>
      <TextField<RouteFormInput>
        path="spec.rewriteHost"
        label="Host"
        optional
        placeholder="as requested"
        hint="Sent as Host to the service."
        className="sm:max-w-96"
      />
      <PathRewriteFields path="spec.rewritePath" label="Path" />
    </Disclosure>
  );
}
