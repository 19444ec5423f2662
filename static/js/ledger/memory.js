// What this browser keeps of each guild's log, so that another key or another history would be noticed later:
// trust on first use.
import { fromHex, toHex } from "./bytes.js";
import { Unsure } from "./doubts.js";

const name = (guild) => `log:${guild}`;

/** What was kept of a guild's log: the key with when it was first seen, and the newest state; null for nothing. */
export function recall(guild) {
  try {
    const kept = JSON.parse(localStorage.getItem(name(guild)));
    return kept && { ...kept, root: kept.root ? fromHex(kept.root) : null };
  } catch {
    return null;
  }
}

/** Throws an Unsure where this browser keeps nothing. */
export function keep(guild, { vkey, since, size = 0, root = null }) {
  try {
    localStorage.setItem(name(guild), JSON.stringify({ vkey, since, size, root: root && toHex(root) }));
  } catch {
    throw new Unsure("This browser keeps nothing for this site, so a change would not be noticed the next time.", {
      goesOn: true,
    });
  }
}

export function forget(guild) {
  localStorage.removeItem(name(guild));
}
