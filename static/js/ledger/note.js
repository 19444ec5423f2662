// Signed notes and checkpoints (c2sp.org/signed-note, tlog-checkpoint), and the keys that verify them.
import { fromBase64, HASH_BYTES, sha256, toHex } from "./bytes.js";
import { Doubt, Unsure } from "./doubts.js";

const ED25519 = 1;
const DASH = "\u2014";
const NUMBER = /^(?:0|[1-9][0-9]{0,15})$/;
const utf8 = new TextEncoder();

/** A verification key, `name+key id+base64`. */
export async function parseKey(line) {
  const vkey = line.trim();
  const [, name, keyId, material] = vkey.match(/^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/) ?? [];
  const bytes = name ? fromBase64(material) : new Uint8Array();
  if (bytes.length !== 1 + HASH_BYTES || bytes[0] !== ED25519) {
    throw new Doubt("What this guild gives out as the key of its log is none.");
  }
  const named = await sha256(utf8.encode(`${name}\n`), bytes);
  if (toHex(named.slice(0, 4)) !== keyId) throw new Doubt("The key of the log does not carry its own number: it was altered.");
  return { vkey, name, keyId, publicKey: bytes.slice(1) };
}

/** A checkpoint, taken apart; nothing in it may be believed before `verifySignature`. */
export function parseCheckpoint(note) {
  const end = note.lastIndexOf("\n\n");
  const text = note.slice(0, end + 1);
  const lines = text.split("\n");
  if (end < 0 || lines.length !== 4 || !NUMBER.test(lines[1])) throw new Doubt("The signed state of the log cannot be read.");
  const root = fromBase64(lines[2]);
  if (root.length !== HASH_BYTES) throw new Doubt("The root in the signed state of the log is not 32 bytes long.");
  const signatures = note.slice(end + 2).split("\n").filter(Boolean).map(parseSignature);
  return { text, origin: lines[0], size: Number(lines[1]), root, signatures };
}

function parseSignature(line) {
  const [dash, name, encoded] = line.split(" ");
  if (dash !== DASH || !encoded) throw new Doubt("A signature under the state of the log cannot be read.");
  const bytes = fromBase64(encoded);
  return { name, keyId: toHex(bytes.slice(0, 4)), value: bytes.slice(4) };
}

/** Throws a Doubt unless the key signed the checkpoint, an Unsure where this browser cannot tell. */
export async function verifySignature(checkpoint, key) {
  const own = checkpoint.signatures.find(({ name, keyId }) => name === key.name && keyId === key.keyId);
  if (!own) throw new Doubt("The state of the log is not signed with its key.");
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", key.publicKey, { name: "Ed25519" }, false, ["verify"]);
  } catch {
    throw new Unsure(
      "This browser cannot verify signatures of this kind (Ed25519), so the signature was not checked; everything else is. " +
        "A newer browser can check it.",
      { goesOn: true },
    );
  }
  if (!(await crypto.subtle.verify({ name: "Ed25519" }, imported, own.value, utf8.encode(checkpoint.text)))) {
    throw new Doubt("The signature does not fit the state of the log: somebody altered one of them.");
  }
}
