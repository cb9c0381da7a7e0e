import { Acknowledgement } from "#domain/gateway-info.ts";
import { POLICY_KINDS, policyKey, type PolicyDocument, type PolicyHead } from "#domain/policy.ts";
import { readEach } from "./cached-reader.ts";
import { decode, decodeHead } from "./codec.ts";
import { decodeAt } from "./mesh-mirror.ts";
import type { Applied } from "./gateways-ahead.ts";
import { ACKNOWLEDGEMENT_BYTES_MAX } from "./gateway-presence.ts";
import type { NodeOperations } from "./operations.ts";
import { paths } from "./paths.ts";

type SurveyedDocument = Pick<PolicyDocument, "key" | "revision" | "created" | "spec">;

/** Everything that is published, as it stands. */
export interface SurveyedMesh {
  /** Of the head; empty when there is none that can be read and no document tells either. */
  readonly incarnation: string;
  /** The highest that head or documents claim, whoever wrote them; 0 when nothing does. */
  readonly revision: number;
  /** The head's; empty when there is none that can be read. */
  readonly journal: PolicyHead["journal"];
  /** Readable documents of that incarnation, tombstones included. */
  readonly documents: readonly SurveyedDocument[];
  readonly unreadable: readonly { readonly key: string; readonly problem: string }[];
  /** What gateways say they have applied, of whatever database. */
  readonly applied: readonly Applied[];
}

/** Reads all that is published, whoever did. @throws ZooKeeperFailure. */
export async function surveyMesh(zk: Pick<NodeOperations, "read" | "children">, root: string): Promise<SurveyedMesh> {
  const headNode = await zk.read(paths.head(root));
  const head = headNode === null ? null : decodeHead(headNode.data);
  const keys: string[] = [];
  for (const kind of POLICY_KINDS)
    for (const id of (await zk.children(paths.kind(root, kind))) ?? []) keys.push(policyKey(kind, id));
  const found = await readEach(keys.sort(), async (key) => {
    const node = await zk.read(paths.document(root, key));
    return node === null ? null : { key, decoded: decodeAt(key, node.data) };
  });
  const nodes = found.filter((node) => node !== null);
  const readable = nodes.flatMap(({ decoded }) => (decoded.ok ? [decoded.value] : []));
  const incarnation = head?.ok === true ? head.value.incarnation : (readable[0]?.incarnation ?? "");
  const documents = readable.filter((document) => document.incarnation === incarnation);
  return {
    applied: await readApplied(zk, root),
    incarnation,
    revision: readable.reduce(
      (max, { revision }) => Math.max(max, revision),
      head?.ok === true ? head.value.revision : 0,
    ),
    journal: head?.ok === true ? head.value.journal : [],
    documents: documents.map(({ key, revision, created, spec }) => ({ key, revision, created, spec })),
    unreadable: [
      ...(head?.ok === false ? [{ key: "head", problem: head.problem }] : []),
      ...nodes.flatMap(({ key, decoded }) => (decoded.ok ? [] : [{ key, problem: decoded.problem }])),
      ...readable
        .filter((document) => document.incarnation !== incarnation)
        .map(({ key }) => ({ key, problem: "yet another database wrote it" })),
    ],
  };
}

async function readApplied(zk: Pick<NodeOperations, "read" | "children">, root: string): Promise<readonly Applied[]> {
  const folder = paths.acknowledgements(root);
  const found = await readEach((await zk.children(folder)) ?? [], async (id) => {
    const node = await zk.read(`${folder}/${id}`);
    const decoded = node === null ? null : decode(node.data, Acknowledgement, ACKNOWLEDGEMENT_BYTES_MAX);
    return decoded?.ok === true ? [decoded.value] : [];
  });
  return found.flat();
}
