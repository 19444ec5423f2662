// Bytes as the formats of the log write them: SHA-256, hex, base64 in its one canonical spelling.
import { Doubt } from "./doubts.js";

export const HASH_BYTES = 32;

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}

export async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
}

export function equal(one, other) {
  return one.length === other.length && one.every((byte, place) => byte === other[place]);
}

export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromHex(text) {
  if (typeof text !== "string" || !/^(?:[0-9a-f]{2})*$/.test(text)) throw new Doubt(`This is no hexadecimal number: ${text}.`);
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function toBase64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

export function fromBase64(text) {
  let bytes = new Uint8Array();
  try {
    bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    throw new Doubt("Something that should be base64 is not.");
  }
  if (toBase64(bytes) !== text) throw new Doubt("Something is base64, but not in its canonical spelling.");
  return bytes;
}
