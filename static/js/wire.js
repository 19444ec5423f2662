// Small parts of the live protocol that hold no state.

const FIRST_DELAY_MS = 400;
const LONGEST_DELAY_MS = 20_000;

/** An error of a command: the server's code, or 0 when there was no answer. */
export class LiveError extends Error {
  constructor(code, message, temporary = false) {
    super(message);
    this.name = "LiveError";
    this.code = code;
    this.temporary = temporary;
  }
}

/** One frame holds one or more JSON objects, one a line. */
export const parse = (frame) =>
  frame
    .split("\n")
    .filter((line) => line)
    .map((line) => JSON.parse(line));

/** Full jitter: anything from nothing to a ceiling that doubles, so that a thousand clients do not come back at once. */
export const backoff = (attempt) => Math.random() * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);

/** A key that makes a command happen once. `crypto.randomUUID` is missing outside secure contexts. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The address of the socket beside this page. */
export const socketAddress = (path = "/ws/") => `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
