import type { OverrideSpan } from "./breaker-history.ts";
import { hasExpired, OverrideSpec, scopeInWords } from "./override.ts";

/** An audit entry about one override: set or extended (`after` is its spec), or lifted or expired (`after` is null). */
export interface OverrideEntry {
  readonly atMs: number;
  /** The override's policy key. */
  readonly target: string;
  readonly after: unknown;
}

/**
 * The times during which overrides were in force, oldest first, of those that were so after `fromMs`. Entries are oldest first.
 * An override that is set again replaces the one before; one ends at its expiry, by every gateway's own clock, although the
 * console puts that on record later.
 */
export function overrideSpans(entries: readonly OverrideEntry[], fromMs: number, nowMs: number): OverrideSpan[] {
  const running = new Map<string, { readonly span: OverrideSpan; readonly expiresAtMs: number | null }>();
  const spans: OverrideSpan[] = [];
  const end = (target: string, atMs: number): void => {
    const found = running.get(target);
    if (found === undefined) return;
    spans.push({ ...found.span, toMs: Math.min(atMs, found.expiresAtMs ?? atMs) });
    running.delete(target);
  };
  for (const { atMs, target, after } of entries) {
    const spec = OverrideSpec.safeParse(after);
    // One that is given more time is the same one still.
    if (running.get(target)?.span.fromMs !== spec.data?.createdAtMs) end(target, atMs);
    if (!spec.success) continue;
    const { mode, actor, reason, scope, createdAtMs, expiresAtMs } = spec.data;
    const where = whereOf(spec.data, scopeInWords(scope));
    running.set(target, { span: { fromMs: createdAtMs, toMs: null, mode, actor, reason, where }, expiresAtMs });
  }
  for (const [target, found] of running) if (hasExpired(found, nowMs)) end(target, nowMs);
  const open = [...running.values()].map(({ span }) => span);
  return [...spans, ...open]
    .filter(({ toMs }) => toMs === null || toMs > fromMs)
    .toSorted((a, b) => a.fromMs - b.fromMs);
}

/** An override of one instance says so: it holds a part of the service only. */
function whereOf({ target }: OverrideSpec, where: string): string {
  return target.kind === "instance" ? `instance ${target.instance}, ${where}` : where;
}
