// Guided mode: paces the steps of a ritual, dims the screen and keeps it on, and asks for no touch. Once opened,
// the page is kept by guided_worker.js for when there is no network.
const BEGINS_AFTER = 8;
const DIMS = 6;
const SECOND = 1000;

class Guide {
  constructor(root) {
    this.root = root;
    this.steps = [...root.querySelectorAll("[data-seconds]")];
    this.lengths = this.steps.map((step) => Number(step.dataset.seconds));
    this.whole = this.lengths.reduce((sum, seconds) => sum + seconds, 0);
    this.at = -1;
    this.left = BEGINS_AFTER;
    this.waiting = false;
    this.find = (name) => root.querySelector(`[data-guided-${name}]`);
  }

  begin() {
    this.root.dataset.guided = "waiting";
    this.find("pause").addEventListener("click", () => this.pause());
    this.find("next").addEventListener("click", () => this.go(this.at + 1));
    this.find("back").addEventListener("click", () => this.go(Math.max(0, this.at - 1)));
    document.addEventListener("keydown", (event) => this.press(event));
    this.show();
    this.clock = setInterval(() => this.tick(), SECOND);
    stayAwake();
  }

  tick() {
    if (this.waiting) return;
    this.left -= 1;
    if (this.left <= 0) this.go(this.at + 1);
    else this.show();
  }

  go(place) {
    if (place >= this.steps.length) {
      this.finish();
      return;
    }
    this.root.dataset.guided = "running";
    this.at = place;
    this.left = this.lengths[place];
    this.show();
  }

  show() {
    this.steps.forEach((step, index) => step.toggleAttribute("data-now", index === this.at));
    this.say(this.at < 0 ? "It begins by itself. Lay this down where you can see it." : "");
    const gone = this.at < 0 ? 0 : this.before() / this.whole;
    this.find("progress").value = gone;
    this.root.dataset.dim = String(Math.min(DIMS, Math.floor(gone * (DIMS + 1))));
  }

  before() {
    const done = this.lengths.slice(0, this.at).reduce((sum, seconds) => sum + seconds, 0);
    return done + this.lengths[this.at] - this.left;
  }

  finish() {
    clearInterval(this.clock);
    this.at = this.steps.length;
    this.steps.forEach((step) => step.removeAttribute("data-now"));
    this.find("progress").value = 1;
    this.root.dataset.dim = "over";
    this.say("It is done. Good night.");
    letSleep();
  }

  pause() {
    this.waiting = !this.waiting;
    this.find("pause").textContent = this.waiting ? "Go on" : "Wait";
  }

  press(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowRight") this.go(this.at + 1);
    else if (event.key === "ArrowLeft") this.go(Math.max(0, this.at - 1));
    else if (event.key === " " && event.target === document.body) this.pause();
    else return;
    event.preventDefault();
  }

  say(words) {
    if (this.find("word").textContent !== words) this.find("word").textContent = words;
  }
}

// A screen that goes off would end the ritual; where the browser does not offer it, the device's own setting holds.
let lock = null;

async function stayAwake() {
  try {
    lock = (await navigator.wakeLock?.request("screen")) ?? null;
  } catch {
    lock = null; // the battery is low, or the page is not in view: the ritual goes on all the same
  }
}

function letSleep() {
  lock?.release();
  lock = null;
}

document.addEventListener("visibilitychange", () => {
  if (lock?.released && document.visibilityState === "visible") stayAwake();
});

// Everything this page was made of, so that it opens again without a network.
async function keep(root) {
  if (!("serviceWorker" in navigator)) return;
  const kept = root.querySelector("[data-guided-kept]");
  try {
    await navigator.serviceWorker.register("/guided-worker.js", { scope: "/g/" });
    const ready = await navigator.serviceWorker.ready;
    const parts = performance.getEntriesByType("resource").map((entry) => entry.name);
    const answer = await asked(ready.active, { keep: [location.href, ...new Set(parts)] });
    kept.textContent = answer.kept ? "Kept on this device: it opens without a network, until you sign out." : "";
  } catch {
    kept.textContent = "This browser keeps no pages: stay connected until the ritual is over.";
  }
}

function asked(worker, question) {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => resolve(event.data);
    worker.postMessage(question, [channel.port2]);
  });
}

const root = document.querySelector("[data-guided]");
new Guide(root).begin();
addEventListener("load", () => keep(root));
