import { MAX_ID, POLICY_KINDS, type PolicyKind } from "#domain/policy.ts";

/** Where things are below the mesh's root. */
export const paths = {
  policy: (root: string): string => `${root}/policy`,
  head: (root: string): string => `${root}/policy/head`,
  kind: (root: string, kind: PolicyKind): string => `${root}/policy/${kind}`,
  /** `key` as in `PolicyKey`. */
  document: (root: string, key: string): string => `${root}/policy/${key}`,
  gateways: (root: string): string => `${root}/gateways`,
  acknowledgements: (root: string): string => `${root}/acks`,
  auditAnchor: (root: string): string => `${root}/audit-anchor`,
  election: (root: string): string => `${root}/election`,
} as const;

/** Takes `routes/checkout` apart; null when it names no kind of ours, or an id that cannot be a node's name. */
export function splitKey(key: string): { readonly kind: PolicyKind; readonly id: string } | null {
  const slash = key.indexOf("/");
  const kind = POLICY_KINDS.find((candidate) => candidate === key.slice(0, slash));
  const id = key.slice(slash + 1);
  if (kind === undefined || id === "" || id === "." || id === ".." || id.length > MAX_ID || id.includes("/"))
    return null;
  return { kind, id };
}
