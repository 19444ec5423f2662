// The Merkle tree of RFC 6962: which hashes a proof needs, and where they lead. Numbers stay below 2**53.
//
// A node is a complete subtree, [level, position]; a span is a range of leaves, [begin, end].
import { HASH_BYTES, sha256 } from "./bytes.js";
import { Doubt } from "./doubts.js";

export const leafHash = (entry) => sha256(Uint8Array.of(0), entry);
export const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);

/** The complete subtrees that make up a span, left to right. */
export function nodesOf([begin, end]) {
  const nodes = [];
  while (begin < end) {
    const level = largestPower(end - begin);
    nodes.push([level, begin / 2 ** level]);
    begin += 2 ** level;
  }
  return nodes;
}

/** The spans whose hashes lead from a leaf to the root, the leaf's sibling first. */
export function inclusionSpans(index, size) {
  const spans = [];
  for (let begin = 0, end = size; end - begin > 1; ) {
    const middle = begin + split(end - begin);
    if (index < middle) {
      spans.push([middle, end]);
      end = middle;
    } else {
      spans.push([begin, middle]);
      begin = middle;
    }
  }
  return spans.reverse();
}

/** The root to which a leaf hash leads by its path. Throws a Doubt for a path of the wrong length. */
export async function rootByPath({ leaf, index, size, path }) {
  const spans = index >= 0 && index < size ? inclusionSpans(index, size) : null;
  if (!spans || path.length !== spans.length || path.some((hash) => hash.length !== HASH_BYTES)) {
    throw new Doubt("The proof is not as long as the tree is high.");
  }
  let hash = leaf;
  for (const [place, [begin]] of spans.entries()) {
    hash = await (begin > index ? nodeHash(hash, path[place]) : nodeHash(path[place], hash));
  }
  return hash;
}

/** The roots of a log when it had `old` leaves and now, both from the same hashes: `hashOf` gives that of a span. */
export async function rootsThenAndNow({ old, size, hashOf }) {
  const spans = nodesOf([0, old]).map(([level, position]) => [position * 2 ** level, (position + 1) * 2 ** level]);
  const across = async (begin, end) => {
    if (end <= old || begin >= old) return hashOf([begin, end]);
    const middle = begin + split(end - begin);
    return nodeHash(await across(begin, middle), await across(middle, end));
  };
  return [await folded(await Promise.all(spans.map(hashOf))), await across(0, size)];
}

/** The hash of a span from those of its nodes, left to right. */
export async function folded(hashes) {
  let hash = hashes[hashes.length - 1];
  for (const left of hashes.slice(0, -1).reverse()) hash = await nodeHash(left, hash);
  return hash;
}

/** The root over hashes of equal height: a power of two of them. */
export async function rootOver(hashes) {
  let row = hashes;
  while (row.length > 1) {
    row = await Promise.all(pairs(row).map(([left, right]) => nodeHash(left, right)));
  }
  return row[0];
}

function pairs(row) {
  return Array.from({ length: row.length / 2 }, (_, place) => [row[2 * place], row[2 * place + 1]]);
}

/** The exponent of the largest power of two that is no larger than `number`. */
function largestPower(number) {
  let level = 0;
  while (2 ** (level + 1) <= number) level += 1;
  return level;
}

/** The largest power of two that is smaller than `size`. */
function split(size) {
  return 2 ** largestPower(size - 1);
}
