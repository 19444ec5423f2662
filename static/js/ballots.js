// Checks one's own ballot in the exported vote, in this browser: that it is there, that it says what one
// chose, and that its commitment opens with one's own nonce. SHA-256 by Web Crypto; nothing is sent.

const DOMAIN = "dreamscape/ballot/v1";

const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));

const hexOf = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** The commitment to a choice, as the log holds it. */
export async function commitment(proposal, choice, nonce) {
  const words = new TextEncoder().encode(`${DOMAIN}|${proposal}|${choice}|`);
  const random = bytesOf(nonce);
  const message = new Uint8Array(words.length + random.length);
  message.set(words);
  message.set(random, words.length);
  return hexOf(await crypto.subtle.digest("SHA-256", message));
}

async function check(box) {
  const { proposal, ballot, choice, nonce } = box.dataset;
  const answer = await fetch(box.dataset.export, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error("The vote could not be read.");
  const { vote } = await answer.json();
  const mine = vote.ballots.find((one) => one.ballot === ballot && !one.superseded);
  if (!mine) return "Your ballot is not among those that were counted. Tell an enforcer.";
  const opens = mine.commitment === (await commitment(proposal, choice, nonce));
  if (!opens || mine.choice !== choice) return "Your ballot was not counted as you cast it. Tell an enforcer.";
  return "Checked in this browser: your ballot was counted as you cast it, and its commitment opens.";
}

for (const box of document.querySelectorAll("[data-ballot-check]")) {
  const result = box.querySelector("[data-ballot-result]");
  if (!globalThis.crypto?.subtle) continue;
  check(box)
    .then((said) => (result.textContent = said))
    .catch(() => (result.textContent = "Your ballot could not be checked now: reload the page to try again."));
}
