import { request } from "undici";
import { TrafficWindow, type BreakerReading } from "#domain/traffic.ts";
import type { TestMesh } from "./test-mesh.ts";

/** The windows a gateway has streamed so far, until there are enough. */
export async function windowsUntil(
  mesh: TestMesh,
  enough: (windows: readonly TrafficWindow[]) => boolean,
  query = "",
): Promise<readonly TrafficWindow[]> {
  const answer = await request(`${mesh.admin}/telemetry${query}`);
  let text = "";
  for await (const chunk of answer.body) {
    text += String(chunk);
    const windows = [...text.matchAll(/^event: window\nid: \d+\ndata: (.*)$/gm)].map((match) =>
      TrafficWindow.parse(JSON.parse(match[1] ?? "")),
    );
    if (!enough(windows)) continue;
    answer.body.destroy();
    return windows;
  }
  throw new Error("the stream ended");
}

export interface FallbackCounts {
  readonly served: number;
  readonly failed: number;
  readonly rejected: number;
}

/** What became of the fallbacks of a service's calls, once that many are accounted for. */
export async function fallbackCounts(mesh: TestMesh, service: string, calls: number): Promise<FallbackCounts> {
  const countsIn = (windows: readonly TrafficWindow[]): FallbackCounts => {
    const readings = windows.flatMap(({ breakers }) => breakers).filter((reading) => reading.service === service);
    const sum = (of: (reading: BreakerReading) => number): number =>
      readings.reduce((total, reading) => total + of(reading), 0);
    return {
      served: sum((reading) => reading.fallbackServed),
      failed: sum((reading) => reading.fallbackFailed),
      rejected: sum((reading) => reading.fallbackRejected),
    };
  };
  const all = ({ served, failed, rejected }: FallbackCounts): number => served + failed + rejected;
  return countsIn(await windowsUntil(mesh, (windows) => all(countsIn(windows)) >= calls));
}
