import { Panel } from "../ui/panel.tsx";
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
  return (
    <Panel title="Settings" padded={false}>
      <TimeoutsSection />
      <RetriesSection />
      <RewriteSection />
      <HeaderChangesSection path="spec.requestHeaders" />
      <HeaderChangesSection path="spec.responseHeaders" />
      <CorsSection />
      <RateLimitsSection />
      <MirrorSection />
      <FaultsSection />
      <AdvancedSection />
    </Panel>
  );
}
