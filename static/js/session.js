// The page of a live session: what happens is shown, what one does is sent, and one key leads out.
import { showConnection } from "./connection.js";
import { open, say } from "./dialogs.js";
import { watchSelection } from "./lending.js";
import { LiveClient } from "./live.js";
import { Parts } from "./session_parts.js";
import { EMPTY, reduce } from "./session_state.js";
import { Transcript } from "./session_transcript.js";
import { newKey, socketAddress } from "./wire.js";

const BEAT_EVERY_MS = 25_000;
const HOLD_MS = 1000;
const OUTSIDE = [401, 403, 404];
const STEPS = {
  opening: "Opening what may be opened…",
  computing: "Finding what lies between the dreams…",
  sealing: "Sealing the dreamscape…",
  made: "Made.",
};

const root = document.getElementById("session");
const { session, me, place } = root.dataset;
let state = EMPTY;

const parts = new Parts(root);
const transcript = new Transcript(document.getElementById("transcript"), parts, () => state);
const client = new LiveClient({ url: socketAddress(), channel: `session:${session}`, position: null, snapshot });

// --- what happens --------------------------------------------------------------------------

async function snapshot() {
  const answer = await fetch(`${place}snapshot/`, { credentials: "same-origin" });
  if (OUTSIDE.includes(answer.status)) return leave();
  const taken = await answer.json();
  const before = state;
  state = taken.state;
  transcript.reconcile();
  showPresent(taken.present);
  if (before !== EMPTY) for (const name of ["stages", "people", "dreamscape", "stop"]) draw(name);
  return { epoch: taken.epoch, offset: taken.offset };
}

function happened({ data }) {
  state = reduce(state, data);
  (EFFECTS[data.type] ?? (() => {}))(data);
}

const EFFECTS = {
  "session.opened": () => draw("stages"),
  "session.closed": () => {
    draw("stages");
    draw("stop");
    say("The session is over.");
  },
  "stage.changed": () => draw("stages"),
  "participant.joined": counted,
  "participant.returned": counted,
  "participant.stepped_out": ({ id }) => (id === me ? leave() : counted()),
  "dream.shared": ({ id }) => transcript.show(id),
  "dream.withdrawn": ({ id }) => transcript.remove(id),
  "dream.restricted": ({ id }) => transcript.remove(id),
  "dream.restated": ({ id }) => transcript.redraw(id),
  "association.added": ({ contribution }) => transcript.show(contribution),
  "blend.requested": () => draw("dreamscape"),
  "blend.finished": () => draw("dreamscape"),
  "blend.failed": () => draw("dreamscape"),
  "dreamscape.superseded": () => draw("dreamscape"),
  "resistance.changed": () => draw("stop"),
  "session.halted": () => {
    for (const name of ["stop", "dreamscape", "stages"]) draw(name);
    say("The blend was stopped by the participants. Nothing of it is kept.");
  },
};

// Who is here, and with them how many calls stop a blend.
function counted() {
  draw("people");
  draw("stop");
}

async function draw(name) {
  await parts.refresh(name);
  if (name === "stages") transcript.permit();
}

// This page is for those inside; the address shows whoever stepped out the way back.
function leave() {
  client.close();
  location.assign(place);
  return null;
}

function passing(data) {
  if (data.type === "presence") showPresent(data.people);
  if (data.type === "blend.progress") showProgress(data);
}

function showPresent(people) {
  const here = new Set(people);
  for (const item of root.querySelectorAll("[data-person]")) {
    const words = item.querySelector("[data-whereabouts]");
    if (words.textContent === "stepped out") continue;
    const isHere = here.has(item.dataset.person);
    item.classList.toggle("away", !isHere);
    words.textContent = isHere ? "here" : "away";
  }
}

function showProgress({ step, done, of }) {
  const bar = root.querySelector("[data-progress]");
  if (!bar) return;
  bar.max = of;
  bar.value = done;
  root.querySelector("[data-progress-words]").textContent = STEPS[step] ?? "The dreams are being blended.";
}

// --- what one does -------------------------------------------------------------------------

async function send(form) {
  const { csrfmiddlewaretoken, key, ...data } = Object.fromEntries(new FormData(form));
  const button = form.querySelector("button");
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    await client.rpc(form.dataset.command, { session, ...data }, { key });
    form.reset();
    form.elements.key.value = newKey();
  } catch (error) {
    say(error.message);
    if (error.code) form.elements.key.value = newKey(); // answered with no: another try is another command
  } finally {
    button.removeAttribute("aria-busy");
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-command]");
  if (!form || client.state === "closed") return; // the form then goes the long way
  event.preventDefault();
  if (!form.dataset.asks || confirm(form.dataset.asks)) send(form);
});

// Enter says it, Shift and Enter begin a new line.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  const field = event.target.closest?.(".compose textarea");
  if (!field) return;
  event.preventDefault();
  field.form.requestSubmit();
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "share-body") open("share");
});

document.addEventListener("session-shared", () => {
  document.getElementById("share").close();
  say("Your dream is lent. You can take it back at any time.");
});

// --- the way out ---------------------------------------------------------------------------

const wayOut = document.getElementById("step-out");
let holding = 0;

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || holding) return;
  wayOut.classList.add("stepping-out");
  holding = setTimeout(() => wayOut.form.requestSubmit(), HOLD_MS);
});

for (const name of ["keyup", "blur"]) {
  addEventListener(name, (event) => {
    if (name === "keyup" && event.key !== "Escape") return;
    clearTimeout(holding);
    holding = 0;
    wayOut.classList.remove("stepping-out");
  });
}

// --- begin ---------------------------------------------------------------------------------

const beat = () =>
  ["live", "caught-up"].includes(client.state) &&
  client.rpc("presence.beat", { session }).then(({ people }) => showPresent(people), () => {});

client.addEventListener("event", ({ detail }) => happened(detail));
client.addEventListener("latest", ({ detail }) => passing(detail));
client.addEventListener("state", ({ detail }) => detail.state === "live" && beat());
setInterval(beat, BEAT_EVERY_MS);
watchSelection();
showConnection(client);
client.open();
