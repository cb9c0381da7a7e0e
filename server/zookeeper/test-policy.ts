import { BreakerPolicySpec, breakerTargetId } from "#domain/breaker-policy.ts";
import { policyKey, type PolicyDocument, type PolicyKey } from "#domain/policy.ts";
import { RouteSpec } from "#domain/route.ts";
import { ageOf } from "#domain/snapshot.ts";
import { documentHash } from "./codec.ts";
import type { PublishRules } from "#domain/publishing.ts";
import { NO_RULES } from "./plan-publish.ts";
import type { DatabaseReading, PolicySource } from "./database-reading.ts";

/** For tests: a route's spec that differs by `path`. */
export function routeSpec(path: string): RouteSpec {
  return RouteSpec.parse({
    matches: [{ path: { kind: "prefix", value: path } }],
    destinations: [{ service: "orders", weight: 100 }],
  });
}

export function breakerSpec(service: string, timeoutMs: number): BreakerPolicySpec {
  return BreakerPolicySpec.parse({ target: { kind: "service", service }, settings: { timeoutMs } });
}

/** Without `created`, as versions that recorded no age wrote it. */
export function document(
  key: PolicyKey,
  revision: number,
  spec: unknown,
  incarnation = "db-1",
  created?: number,
): PolicyDocument {
  return { v: 1, key, revision, created, spec, hash: documentHash({ created, spec }), incarnation };
}

/** A policy source in memory with the promises PostgreSQL gives: one state per reading, revisions that only grow. */
export class MemorySource implements PolicySource {
  id = "db-1";
  revision = 0;
  documents = new Map<PolicyKey, PolicyDocument>();
  /** What people decided. */
  decided: PublishRules = NO_RULES;
  /** When objects were removed, Unix epoch ms. */
  removedAtMs = new Map<PolicyKey, number>();
  /** Set to make every reading fail. */
  problem: Error | null = null;

  /** One edit: one revision, any number of objects; `null` removes. Returns the revision. */
  save(changes: Readonly<Record<PolicyKey, unknown>>): number {
    this.revision += 1;
    for (const [key, spec] of Object.entries(changes)) {
      const [kind, id] = key.split("/");
      if (kind !== "routes" && kind !== "breakers" && kind !== "overrides") throw new Error(`no such kind: ${key}`);
      const policy = policyKey(kind, id ?? "");
      const before = this.documents.get(policy);
      const made = before === undefined || before.spec === null ? this.revision : ageOf(before);
      this.documents.set(policy, document(policy, this.revision, spec, this.id, spec === null ? undefined : made));
      if (spec === null) this.removedAtMs.set(policy, Date.now());
      else this.removedAtMs.delete(policy);
    }
    return this.revision;
  }

  saveRoute(id: string, path: string): number {
    return this.save({ [policyKey("routes", id)]: routeSpec(path) });
  }

  saveBreaker(service: string, timeoutMs: number): number {
    const spec = breakerSpec(service, timeoutMs);
    return this.save({ [policyKey("breakers", breakerTargetId(spec.target))]: spec });
  }

  readSince(after: number): Promise<DatabaseReading> {
    return this.#answer(() => ({
      incarnation: this.id,
      revision: this.revision,
      documents: [...this.documents.values()].filter((row) => row.revision > after),
    }));
  }
  rules(): Promise<PublishRules> {
    return this.#answer(() => this.decided);
  }
  tombstonesBefore(atMs: number): Promise<readonly string[]> {
    return this.#answer(() => [...this.removedAtMs].filter(([, removed]) => removed < atMs).map(([key]) => key));
  }

  async #answer<T>(read: () => T): Promise<T> {
    await Promise.resolve();
    if (this.problem !== null) throw this.problem;
    return read();
  }
}
