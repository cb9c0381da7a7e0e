"use client";

import { useWatch } from "react-hook-form";
import { PolicyPart } from "./policy-part.tsx";
import type { PolicyFormInput } from "./policy-form-input.ts";
import { PolicySectionBox } from "./policy-section-box.tsx";
import { fallbackLimitInWords, groupInWords } from "./policy-words.ts";
import { SettingInput } from "./setting-input.tsx";
import { TextField } from "../../ui/bound-fields.tsx";

/** What one call may take, and how many may be under way; at last, under which name it is counted. */
export function LimitsPart({ service }: { service: string }) {
  const settings = useWatch<PolicyFormInput, "settings">({ name: "settings" });
  return (
    <PolicyPart
      title="Limits"
      says="Of one gateway: each counts by itself, and each of its workers does."
      more={
        <>
          <PolicySectionBox
            title="Fallback calls"
            words={fallbackLimitInWords(settings)}
            fields={["settings.fallbackMaxConcurrent"]}
          >
            <div className="grid gap-4 sm:grid-cols-3">
              <SettingInput name="fallbackMaxConcurrent" />
            </div>
          </PolicySectionBox>
          <PolicySectionBox title="Group" words={groupInWords(settings, service)} fields={["settings.group"]}>
            <TextField<PolicyFormInput>
              path="settings.group"
              label="Group"
              hint={`Breakers are shown together by group, and named so in hystrix.stream. Empty: ${service}.`}
              placeholder={service}
              className="max-w-md"
            />
          </PolicySectionBox>
        </>
      }
    >
      <div className="grid gap-4 sm:grid-cols-3">
        <SettingInput name="timeoutMs" />
        <SettingInput name="maxConcurrent" />
      </div>
    </PolicyPart>
  );
}
