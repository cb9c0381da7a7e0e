"use client";

import { Copy } from "lucide-react";
import { useFormContext, useWatch } from "react-hook-form";
import { Badge } from "../../ui/badge.tsx";
import { NumberField } from "../../ui/bound-fields.tsx";
import { Disclosure } from "../../ui/disclosure.tsx";
import { Switch } from "../../ui/switch.tsx";
import { useOptionalPart } from "../optional-part.ts";
import { FRESH, type RouteFormInput } from "../route-form-schema.ts";
import { SubsetFields } from "../subset-fields.tsx";
import { mirrorInWords } from "./section-words.ts";

/** Copies of requests to another service. */
export function MirrorSection() {
  const { control } = useFormContext<RouteFormInput>();
  const mirror = useWatch({ control, name: "spec.mirror" });
  const [on, turn] = useOptionalPart("spec.mirror", FRESH.mirror);
  return (
    <Disclosure
      title="Mirror"
      path="spec.mirror"
      {...mirrorInWords(mirror)}
      badge={
        on && (
          <Badge tone="accent" icon={Copy}>
            On
          </Badge>
        )
      }
    >
      <Switch
        label="Send copies to another service"
        hint="Its answers are thrown away and its failures are nobody's: callers never notice. It does get real data."
        checked={on}
        onChange={turn}
      />
      {on && (
        <div className="grid items-start gap-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_112px]">
          <SubsetFields<RouteFormInput>
            servicePath="spec.mirror.service"
            labelsPath="spec.mirror.labels"
            context="of the mirror"
          />
          <NumberField<RouteFormInput> path="spec.mirror.percent" label="Copied (%)" step={0.1} />
        </div>
      )}
    </Disclosure>
  );
}
