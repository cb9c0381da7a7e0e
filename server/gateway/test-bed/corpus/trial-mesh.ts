import { request } from "undici";
import type { GatewayOptions } from "../../start-gateway.ts";
import { RecordingUpstream } from "../recording-upstream.ts";
import { TestMesh } from "../test-mesh.ts";

/** What a gateway says it did, by route and status: `all 200` → 3. */
export type Account = ReadonlyMap<string, number>;

/** A gateway whose one route sends everything to a service that keeps every byte. Nothing is retried, no breaker opens. */
export class TrialMesh {
  readonly mesh: TestMesh;
  readonly upstream: RecordingUpstream;

  static async start(options: Partial<GatewayOptions> = {}): Promise<TrialMesh> {
    const [mesh, upstream] = await Promise.all([TestMesh.start(options), RecordingUpstream.start()]);
    mesh.peers.push(upstream.peer);
    mesh.register({ service: "recorder", id: "recorder", port: upstream.peer.port });
    routeEverythingTo(mesh, "recorder");
    return new TrialMesh(mesh, upstream);
  }

  private constructor(mesh: TestMesh, upstream: RecordingUpstream) {
    this.mesh = mesh;
    this.upstream = upstream;
  }

  get port(): number {
    return this.mesh.gateway.edgePort;
  }

  /** Of the edge listener. */
  async account(): Promise<Account> {
    const answer = await request(`${this.mesh.admin}/metrics`);
    const text = await answer.body.text();
    const lines = text.matchAll(/^meshkeeper_requests_total\{listener="edge",route="(.+)",status="(\d+)"\} (\d+)$/gm);
    return new Map([...lines].map(([, route = "", status = "", count]) => [`${route} ${status}`, Number(count)]));
  }

  stop(): Promise<void> {
    return this.mesh.stop();
  }
}

/** One route for everything, without retries, and a breaker that only counts. */
export function routeEverythingTo(mesh: TestMesh, service: string): void {
  mesh.route("all", { destinations: [{ service, weight: 1 }], timeoutMs: 10_000, retry: null });
  mesh.breaker({
    target: { kind: "service", service },
    settings: { enabled: false, timeoutMs: 5000, maxConcurrent: 100_000 },
  });
}

/** What was added to an account since an earlier one. */
export function addedTo(before: Account, after: Account): Account {
  return new Map(
    [...after].map(([key, count]) => [key, count - (before.get(key) ?? 0)] as const).filter(([, count]) => count > 0),
  );
}
