import { policyKey, type PolicyDocument } from "#domain/policy.ts";
import { decodeDocument, decodeHead, encodeHead, rootHash } from "../codec.ts";
import type { NodeReading } from "../operations.ts";
import { paths } from "../paths.ts";
import { KIND } from "./model-database.ts";
import type { Mutant, Nodes } from "./mutants.ts";
import { ROOT } from "./world.ts";

const HEAD = paths.head(ROOT);

/** Gateways with one thing broken each. */
export const GATEWAY_MUTANTS: readonly Mutant[] = [
  {
    name: "the head is not read again after the documents",
    gatewayNodes(nodes) {
      let first: NodeReading | null = null;
      return {
        ...nodes,
        async read(path, onHint) {
          if (path !== HEAD) return nodes.read(path, onHint);
          if (onHint === undefined) return first;
          first = await nodes.read(path, onHint);
          return first;
        },
      };
    },
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
