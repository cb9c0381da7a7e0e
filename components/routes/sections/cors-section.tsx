"use client";

import { useFormContext, useWatch } from "react-hook-form";
import { ListField, NumberField, SwitchField } from "../../ui/bound-fields.tsx";
import { Disclosure } from "../../ui/disclosure.tsx";
import { Switch } from "../../ui/switch.tsx";
import { useOptionalPart } from "../optional-part.ts";
import { FRESH, type RouteFormInput } from "../route-form-schema.ts";
import { corsInWords } from "./section-words.ts";

/** Which other sites' pages may call. */
export function CorsSection() {
  const { control } = useFormContext<RouteFormInput>();
  const cors = useWatch({ control, name: "spec.cors" });
  const [on, turn] = useOptionalPart("spec.cors", FRESH.cors);
  return (
    <Disclosure title="CORS" path="spec.cors" {...corsInWords(cors)}>
      <Switch
        label="Let pages of other origins call"
        hint="The gateway answers preflights itself and says so in responses."
        checked={on}
        onChange={turn}
      />
      {on && (
        <>
          <div className="grid gap-4 sm:grid-cols-2">
            <ListField<RouteFormInput>
              path="spec.cors.origins"
              label="Origins"
              placeholder="https://shop.example.com"
              hint="https://*.example.com for all names below; * for every origin."
            />
            <ListField<RouteFormInput> path="spec.cors.methods" label="Methods" />
            <ListField<RouteFormInput>
              path="spec.cors.headers"
              label="Request headers a page may send"
              placeholder="content-type, x-request-source"
            />
            <ListField<RouteFormInput>
              path="spec.cors.exposed"
              label="Response headers a page may read"
              placeholder="none but the safe ones"
            />
            <NumberField<RouteFormInput>
              path="spec.cors.maxAgeS"
              label="Preflight remembered for (s)"
              hint="At most 86400; 0: asked each time."
            />
          </div>
          <SwitchField<RouteFormInput>
            path="spec.cors.credentials"
            label="With credentials"
            hint="Cookies and Authorization of the person go along. Not for every origin."
          />
        </>
      )}
    </Disclosure>
  );
}
