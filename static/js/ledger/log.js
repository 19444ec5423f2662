// A guild's log as it is served to everybody (c2sp.org/tlog-tiles), up to one checkpoint.
//
// What is fetched is not believed: whoever uses it recomputes the root from it.
import { HASH_BYTES } from "./bytes.js";
import { Doubt, Unsure } from "./doubts.js";
import { folded, nodesOf, rootOver } from "./tree.js";

const WIDTH = 256;
const HEIGHT = 8;

/** What stands at an address. Throws a Doubt where nothing does, an Unsure where it cannot be had now. */
export async function fetched(address, options = { credentials: "omit" }) {
  let response = null;
  try {
    response = await fetch(address, options);
  } catch {
    throw new Unsure("The server cannot be reached: look at your connection, and check again.");
  }
  if (response.ok) return response;
  if (response.status === 404) throw new Doubt("Something that must be there is not there.");
  throw new Unsure(`The server could not answer (${response.status}): wait a minute, and check again.`);
}

export class Log {
  #tiles = new Map();

  /** @param {string} address of the log, without a slash at its end; @param {number} size of its checkpoint */
  constructor(address, size) {
    this.address = address;
    this.size = size;
  }

  /** The bytes of one entry. */
  async entry(index) {
    const bundle = Math.floor(index / WIDTH);
    const content = await this.#content(`entries/${this.#name(bundle, this.size)}`);
    const view = new DataView(content.buffer);
    let begin = 0;
    for (let place = bundle * WIDTH; ; place += 1) {
      const end = begin + 2 <= content.length ? begin + 2 + view.getUint16(begin) : Infinity;
      if (end > content.length) throw new Doubt(`The log ends before its leaf ${index}.`);
      if (place === index) return content.slice(begin + 2, end);
      begin = end;
    }
  }

  /** The hash of a span of leaves, from the tiles. */
  async span(span) {
    return folded(await Promise.all(nodesOf(span).map((node) => this.#node(node))));
  }

  /** The hash of a complete subtree, made from those in the tile below it. */
  async #node([level, position]) {
    const tileLevel = Math.floor(level / HEIGHT);
    const count = 2 ** (level % HEIGHT);
    const first = position * count;
    const hashes = await this.#tile(tileLevel, Math.floor(first / WIDTH));
    const wanted = hashes.slice(first % WIDTH, (first % WIDTH) + count);
    if (wanted.length !== count) throw new Doubt("A tile of the log is too short.");
    return rootOver(wanted);
  }

  async #tile(level, index) {
    const path = `${level}/${this.#name(index, Math.floor(this.size / WIDTH ** level))}`;
    if (!this.#tiles.has(path)) this.#tiles.set(path, this.#content(path).then(splitHashes));
    return this.#tiles.get(path);
  }

  async #content(path) {
    return new Uint8Array(await (await fetched(`${this.address}/tile/${path}`)).arrayBuffer());
  }

  /** 1234067 as x001/x234/067, and the width of the last one of a row. */
  #name(index, hashes) {
    const digits = String(index);
    const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/.../g);
    const path = groups.map((group, place) => (place < groups.length - 1 ? `x${group}` : group)).join("/");
    return index < Math.floor(hashes / WIDTH) ? path : `${path}.p/${hashes % WIDTH}`;
  }
}

function splitHashes(content) {
  if (content.length % HASH_BYTES) throw new Doubt("A tile of the log is no row of hashes.");
  return Array.from({ length: content.length / HASH_BYTES }, (_, place) =>
    content.slice(place * HASH_BYTES, (place + 1) * HASH_BYTES),
  );
}
