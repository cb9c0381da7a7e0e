import type { z } from "zod";
import type { ServicePolicySpec } from "#domain/service-policy.ts";
import { percentInWords, plural, said, timeInWords, unset, type SectionWords } from "../ui/section-words.ts";

/** A policy as it stands in the form: not checked yet. */
export type ServicePolicyInput = z.input<typeof ServicePolicySpec>;

export function outlierInWords(outlier: ServicePolicyInput["outlier"]): SectionWords {
  const { enabled = true, consecutiveFailures = 5, baseMs = 30_000, maxMs = 300_000, maxPercent = 50 } = outlier ?? {};
  if (!enabled) return said("Off: instances stay in however they fail");
  return {
    ...said(
      `out after ${plural(consecutiveFailures, "failure")} in a row`,
      `for ${timeInWords(baseMs)}, at most ${timeInWords(maxMs)}`,
      `never more than ${percentInWords(maxPercent)}`,
    ),
    set: consecutiveFailures !== 5 || baseMs !== 30_000 || maxMs !== 300_000 || maxPercent !== 50,
  };
}

export function healthCheckInWords(check: ServicePolicyInput["healthCheck"]): SectionWords {
  if (check == null) return unset("None: instances are judged by their traffic alone");
  const { path = "/healthz", intervalMs = 10_000, unhealthyAfter = 3 } = check;
  return said(`GET ${path} every ${timeInWords(intervalMs)}`, `unhealthy after ${plural(unhealthyAfter, "failure")}`);
}

export function tlsInWords(tls: ServicePolicyInput["tls"]): SectionWords {
  const { mode = "auto", serverName = null, verify = true } = tls ?? {};
  if (mode === "off") return said("Never");
  return {
    ...said(
      mode === "on" ? "Always" : "As each instance registered",
      serverName !== null && `name ${serverName}`,
      !verify && "certificates are not verified",
    ),
    set: mode === "on" || serverName !== null || !verify,
  };
}
