import { policyKey, type PolicyDocument } from "#domain/policy.ts";
import { decodeDocument, decodeHead, encodeHead, encodePreviousHead, rootHash } from "../codec.ts";
import type { NodeReading } from "../operations.ts";
import { paths } from "../paths.ts";
import { KIND } from "./model-database.ts";
import type { Mutant, Nodes } from "./mutants.ts";
import { ROOT } from "./world.ts";

const HEAD = paths.head(ROOT);

/** Gateways with one thing broken each. */
export const GATEWAY_MUTANTS: readonly Mutant[] = [
  {
    name: "the head is not read again where the documents are not the ones it names",
    rule: "atomicity",
    gatewayNodes: (nodes) => ({ ...nodes, read: withoutSecondReading(nodes.read) }),
  },
  {
    name: "neither are documents compared with the journal, nor is the head read again",
    rule: "atomicity",
    gatewayNodes: (nodes) => ({ ...nodes, read: withoutSecondReading(withoutDigests(nodes.read)) }),
  },
  {
    name: "what came after the last tree that added up is believed without its digest",
    gatewayNodes: (nodes) => ({ ...nodes, read: withoutDigests(nodes.read) }),
  },
  {
    name: "a gateway follows a head that went back",
    gatewayNodes(nodes, { startOver }) {
      let highest = 0;
      return {
        ...nodes,
        async read(path, onHint) {
          const node = await nodes.read(path, onHint);
          const head = path === HEAD && node !== null ? decodeHead(node.data) : null;
          if (head?.ok !== true) return node;
          if (head.value.revision < highest) startOver();
          highest = head.value.revision;
          return node;
        },
      };
    },
  },
  {
    name: "a gateway believes a tree that does not add up to its head",
    gatewayNodes: (nodes) => ({
      ...nodes,
      async read(path, onHint) {
        const node = await nodes.read(path, onHint);
        return path === HEAD && node !== null ? { ...node, data: await headOfWhatIsThere(nodes, node.data) } : node;
      },
    }),
  },
];

/** The second reading of the head says what the first did. */
function withoutSecondReading(read: Nodes["read"]): Nodes["read"] {
  let first: NodeReading | null = null;
  return async (path, onHint) => {
    if (path !== HEAD) return read(path, onHint);
    if (onHint !== undefined) first = await read(path, onHint);
    return first;
  };
}

/** The head as the version before this one wrote it. */
function withoutDigests(read: Nodes["read"]): Nodes["read"] {
  return async (path, onHint) => {
    const node = await read(path, onHint);
    const head = path === HEAD && node !== null ? decodeHead(node.data) : null;
    return node !== null && head?.ok === true ? { ...node, data: encodePreviousHead(head.value) } : node;
  };
}

async function headOfWhatIsThere(nodes: Nodes, data: Buffer): Promise<Buffer> {
  const head = decodeHead(data);
  if (!head.ok) return data;
  const documents: PolicyDocument[] = [];
  for (const id of (await nodes.children(paths.kind(ROOT, KIND))) ?? []) {
    const node = await nodes.read(paths.document(ROOT, policyKey(KIND, id)));
    const decoded = node === null ? null : decodeDocument(node.data);
    if (decoded?.ok === true && decoded.value.spec !== null) documents.push(decoded.value);
  }
  return encodeHead({ ...head.value, count: documents.length, root: rootHash(documents) });
}
