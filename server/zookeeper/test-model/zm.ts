import { runModel } from "./run-model.ts";
import { PUBLISHER_MUTANTS } from "./publisher-mutants.ts";
import { GATEWAY_MUTANTS } from "./gateway-mutants.ts";
const n = Number(process.argv[2] ?? 3000);
for (const m of [...PUBLISHER_MUTANTS, ...GATEWAY_MUTANTS]) {
  if (process.argv[3] && !m.name.includes(process.argv[3])) continue;
  const found = new Map<string, number[]>(); const t = (process.cpuUsage().user/1000);
  for (let s = 1; s <= n; s++) { const o = await runModel(s, m); if (o.violation) { const k = o.violation.replace(/\d+/g, "#"); found.set(k, [...(found.get(k) ?? []), s]); } }
  console.log("==", m.name, ((process.cpuUsage().user/1000) - t).toFixed(0), "ms");
  for (const [k, v] of found) console.log("   ", v.length, k, v.slice(0, 3).join(","));
}
