// One use of one's own dream, checked from the public log up: nothing that the server says is taken for true.
//
// The log speaks of a dream by a commitment, HMAC(nonce, contribution); its dreamer alone is given the nonce.
import { equal, fromHex, joined, toHex } from "./bytes.js";
import { Doubt, SHOW_IT, Unsure } from "./doubts.js";
import { fetched, Log } from "./log.js";
import { keep, recall } from "./memory.js";
import { parseCheckpoint, parseKey, verifySignature } from "./note.js";
import { inclusionSpans, leafHash, rootByPath, rootsThenAndNow } from "./tree.js";

/** The steps, in order: each is given what the ones before it found, and returns a sentence. */
export const STEPS = [
  { name: "proof", title: "What is claimed", look: claim },
  { name: "key", title: "The key of the log", look: key },
  { name: "state", title: "The signed state of the log", look: state },
  { name: "history", title: "Nothing was taken out of the log", look: history },
  { name: "leaf", title: "What the leaf says", look: leaf },
  { name: "inclusion", title: "The leaf stands in the log", look: inclusion },
  { name: "list", title: "Your dream is in this use", look: list },
  { name: "dream", title: "It is your dream", look: dream },
];

/**
 * Yields `{ name, state, words }` for every step: "running" when it begins, then "good", "unsure" or "bad"; with
 * `changed` where the key is not the one that was kept. What hangs on a step that did not end well is not looked at.
 */
export async function* check(address) {
  const found = { address };
  for (const { name, look } of STEPS) {
    yield { name, state: "running", words: "" };
    try {
      yield { name, state: "good", words: await look(found) };
    } catch (error) {
      const state = error instanceof Unsure ? "unsure" : "bad";
      yield { name, state, words: isForeseen(error) ? error.message : unforeseen(error), changed: Boolean(found.changed) };
      if (!error.goesOn) return;
    }
  }
}

const isForeseen = (error) => error instanceof Unsure || error instanceof Doubt;
const unforeseen = (error) => `The check itself failed (${error.message}): load the page anew and check again.`;

async function claim(found) {
  if (!globalThis.crypto?.subtle) throw new Unsure("A browser checks nothing over an address that does not begin with https://.");
  const response = await fetched(found.address, { credentials: "same-origin" });
  if (response.redirected) throw new Unsure("You are signed out: sign in, and check again.");
  found.use = await response.json();
  const { leaf: index, said } = found.use;
  const others = said.count === 1 ? "alone" : `with ${said.count - 1} other${said.count === 2 ? "" : "s"}`;
  return `Leaf ${index} records that your dream was opened ${others}. The steps below ask the log itself.`;
}

async function key(found) {
  const { guild } = found.use;
  found.log = `${location.origin}/g/${guild}/log`;
  found.key = await parseKey(await (await fetched(`${found.log}/vkey`)).text());
  if (!found.key.name.endsWith(`/g/${guild}/log`)) throw new Doubt(`The key belongs to another log. ${SHOW_IT}`);
  found.kept = recall(guild);
  if (!found.kept) {
    keep(guild, { vkey: found.key.vkey, since: new Date().toISOString() });
    return (
      `Number ${found.key.keyId}. This browser sees it for the first time and keeps it: from now on another key would be noticed. ` +
      "To be sure from the start, compare the number with that of another member."
    );
  }
  if (found.kept.vkey !== found.key.vkey) {
    found.changed = true;
    throw new Doubt(
      `It is another key than the one that this browser has kept since ${day(found.kept.since)}. Ask an enforcer of your guild why it changed, ` +
        "and believe nothing of this log until you know.",
    );
  }
  return `Number ${found.key.keyId}, the same that this browser has kept since ${day(found.kept.since)}.`;
}

async function state(found) {
  found.head = parseCheckpoint(await (await fetched(`${found.log}/checkpoint`)).text());
  if (found.head.origin !== found.key.name) throw new Doubt(`What is signed is the state of another log. ${SHOW_IT}`);
  if (found.use.leaf >= found.head.size) throw new Unsure(notSigned(found));
  await verifySignature(found.head, found.key);
  return `${found.head.size} leaves, and one number over all of them, signed with that key.`;
}

function notSigned({ head, use }) {
  const why = use.unsigned || "That happens every few minutes: check again a little later.";
  return `The log was last signed with ${head.size} leaves, before leaf ${use.leaf} was written. ${why}`;
}

async function history(found) {
  const { head, kept, key: known, use } = found;
  found.tiles = new Log(found.log, head.size);
  const since = kept?.since ?? new Date().toISOString();
  if (kept?.root) await continues(found);
  keep(use.guild, { vkey: known.vkey, since, size: head.size, root: head.root });
  if (!kept?.root) return "This browser keeps the state it saw now. The next check tells whether the log still begins with it.";
  return `It begins with the ${kept.size} leaves that this browser saw before, unchanged.`;
}

async function continues({ head, kept, tiles }) {
  const changed = `It no longer begins with the ${kept.size} leaves that this browser saw before: leaves were changed or removed. ${SHOW_IT}`;
  if (head.size < kept.size) throw new Doubt(changed);
  const [then, now] = await rootsThenAndNow({ old: kept.size, size: head.size, hashOf: (span) => tiles.span(span) });
  if (!equal(then, kept.root)) throw new Doubt(changed);
  if (!equal(now, head.root)) throw new Doubt(`The tiles of the log do not lead to its signed state. ${SHOW_IT}`);
}

async function leaf(found) {
  const { use, tiles } = found;
  const bytes = await tiles.entry(use.leaf);
  found.leafHash = await leafHash(bytes);
  const entry = readEntry(bytes);
  const claimed = { kind: "use", at: use.at, ...use.said };
  const told = { kind: entry.kind, at: entry.at, ...entry.detail };
  const other = Object.keys(claimed).find((name) => claimed[name] !== told[name]);
  if (other) throw new Doubt(`It says otherwise about “${other}”: ${told[other]}, and not ${claimed[other]}. ${SHOW_IT}`);
  found.root = fromHex(entry.subjects?.[0]);
  return `The same use, for the same purpose, at the same moment. Its hash begins with ${start(found.leafHash)}.`;
}

function readEntry(bytes) {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Doubt(`Its bytes cannot be read. ${SHOW_IT}`);
  }
}

async function inclusion({ use, head, tiles, leafHash: hash }) {
  const path = await Promise.all(inclusionSpans(use.leaf, head.size).map((span) => tiles.span(span)));
  const root = await rootByPath({ leaf: hash, index: use.leaf, size: head.size, path });
  if (!equal(root, head.root)) {
    throw new Doubt(`From this leaf the log does not lead to its signed state: the leaf or the log was changed. ${SHOW_IT}`);
  }
  const more = path.length === 1 ? "One more hash leads" : `${path.length} more hashes lead`;
  return `${more} from it to the number that was signed, which begins with ${start(root)}.`;
}

async function list({ use, root }) {
  const path = use.path.map(fromHex);
  const commitment = await leafHash(fromHex(use.commitment));
  const reached = await rootByPath({ leaf: commitment, index: use.position, size: use.said.count, path });
  if (!equal(reached, root)) {
    throw new Doubt(`What stands for your dream is not in the list that this leaf proves: the list was changed. ${SHOW_IT}`);
  }
  const number = `number ${use.position + 1} of the ${use.said.count}`;
  return `What stands for it in the log begins with ${start(fromHex(use.commitment))}; it is ${number} that this leaf proves.`;
}

async function dream({ use }) {
  if (use.nonce === null) {
    throw new Unsure(
      "You took this dream back, and with it went the number that tied it to the log. Nobody can show any more which dream it was; " +
        "everything else holds.",
      { goesOn: true },
    );
  }
  const made = await hmac(fromHex(use.nonce), fromHex(use.contribution.replaceAll("-", "")));
  if (toHex(made) !== use.commitment) {
    throw new Doubt(`What stands in the log was not made from your dream: one of the two was exchanged. ${SHOW_IT}`);
  }
  return "What stands for it in the log is made from it and from a secret number that only you are shown.";
}

async function hmac(secret, message) {
  const key = await crypto.subtle.importKey("raw", joined(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, message));
}

const start = (bytes) => toHex(bytes).slice(0, 12);

const day = (instant) => new Date(instant).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
