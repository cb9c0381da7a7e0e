import { Counter, Gauge, type Registry } from "prom-client";
import { OVERLOAD_REASONS } from "./overload.ts";
import type { Traffic } from "./traffic.ts";

/** What there is to say of the listeners for traffic. Labels hold our own words and the names of files. */
export function addTrafficMetrics(registry: Registry, { guard, certificates }: Traffic): void {
  const registers = [registry];
  new Gauge({
    name: "meshkeeper_connections",
    help: "Open connections of clients.",
    registers,
    collect() {
      this.set(guard.connections);
    },
  });
  new Gauge({
    name: "meshkeeper_overload",
    help: "1 for each reason for which all requests are refused now.",
    labelNames: ["reason"],
    registers,
    collect() {
      for (const reason of OVERLOAD_REASONS) this.set({ reason }, guard.reasons.includes(reason) ? 1 : 0);
    },
  });
  new Counter({
    name: "meshkeeper_overload_refused_total",
    help: "Requests and connections refused for want of room, by reason.",
    labelNames: ["reason"],
    registers,
    collect() {
      this.reset();
      for (const reason of OVERLOAD_REASONS) this.inc({ reason }, guard.refused.get(reason) ?? 0);
    },
  });
  if (certificates === null) return;
  new Gauge({
    name: "meshkeeper_certificate_not_after_seconds",
    help: "Unix time at which the certificate in force ends; 0 when there never was one.",
    labelNames: ["certificate"],
    aggregator: "min",
    registers,
    collect() {
      this.reset();
      for (const { name: certificate, notAfterMs } of certificates.list())
        this.set({ certificate }, (notAfterMs ?? 0) / 1000);
    },
  });
  new Gauge({
    name: "meshkeeper_certificate_problem",
    help: "1 while the files of a certificate hold something that cannot be used.",
    labelNames: ["certificate"],
    aggregator: "max",
    registers,
    collect() {
      this.reset();
      for (const { name: certificate, problem } of certificates.list())
        this.set({ certificate }, problem === "" ? 0 : 1);
    },
  });
}
