"use client";

import { useFormContext, useWatch } from "react-hook-form";
import { Panel } from "../ui/panel.tsx";
import type { RouteFormInput } from "./route-form-schema.ts";
import { AdvancedSection } from "./sections/advanced-section.tsx";
import { CorsSection } from "./sections/cors-section.tsx";
import { FaultsSection } from "./sections/faults-section.tsx";
import { HeaderChangesSection } from "./sections/header-changes-section.tsx";
import { MirrorSection } from "./sections/mirror-section.tsx";
import { RateLimitsSection } from "./sections/rate-limits-section.tsx";
import { RetriesSection } from "./sections/retries-section.tsx";
import { RewriteSection } from "./sections/rewrite-section.tsx";
import { TimeoutsSection } from "./sections/timeouts-section.tsx";

/** Everything a route may say besides what it takes and where that goes; one line each until somebody opens it. */
export function SettingsFields() {
  const { control } = useFormContext<RouteFormInput>();
  const answers = useWatch({ control, name: "spec.answer" }) != null;
  const sending = (
    <>
      <TimeoutsSection />
      <RetriesSection />
      <RewriteSection />
      <HeaderChangesSection path="spec.requestHeaders" />
    </>
  );
  const trials = (
    <>
      <MirrorSection />
      <FaultsSection />
    </>
  );
  return (
    <>
      <Panel title="Settings" padded={false}>
        {!answers && sending}
        <HeaderChangesSection path="spec.responseHeaders" />
        <CorsSection />
        <RateLimitsSection />
        {!answers && trials}
        <AdvancedSection />
      </Panel>
      {answers && (
        <Panel
          title="For forwarded requests"
          note="kept, but without effect while the gateway answers itself"
          padded={false}
        >
          {sending}
          {trials}
        </Panel>
      )}
    </>
  );
}
