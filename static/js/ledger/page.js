// The page of uses: a button beside each use checks it, step by step, in a dialog.
import { open } from "../dialogs.js";
import { check, STEPS } from "./check.js";
import { forget } from "./memory.js";

const MARKS = { waiting: "not yet", running: "looking", good: "holds", unsure: "could not tell", bad: "false", left: "not looked at" };
const dialog = document.getElementById("check");
const steps = dialog?.querySelector("[data-steps]");
const verdict = dialog?.querySelector("[data-verdict]");
let pressed = null;
let turn = 0;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-check]");
  if (button) begin(button);
  if (event.target.closest("[data-check-again]")) begin(pressed);
  if (event.target.closest("[data-forget-key]")) {
    forget(pressed.dataset.guild);
    begin(pressed);
  }
});

function begin(button) {
  pressed = button;
  dialog.querySelector("[data-about]").textContent = button.dataset.about;
  steps.replaceChildren(...STEPS.map(({ name, title }) => item(name, title)));
  say("running", "Looking …");
  dialog.querySelector("[data-forget-key]").hidden = true;
  open("check");
  run(button, (turn += 1));
}

/** Shows each step as it happens; a check that was overtaken by another one stops. */
async function run(button, mine) {
  const seen = new Map();
  for await (const step of check(button.dataset.check)) {
    if (mine !== turn) return;
    seen.set(step.name, step.state);
    show(step);
    if (step.changed) dialog.querySelector("[data-forget-key]").hidden = false;
  }
  for (const left of steps.querySelectorAll('[data-state="waiting"]')) mark(left, "left");
  conclude(button, [...seen.values()]);
}

function conclude(button, states) {
  const unsure = states.filter((state) => state === "unsure").length;
  const wrong = steps.querySelector('[data-state="bad"] > strong');
  if (wrong) say("bad", `Something is false: “${wrong.textContent}”. What to do stands beside it.`);
  else if (states.length < STEPS.length) say("unsure", "It could not be checked now. Why stands above.");
  else if (unsure) say("good", `Everything that could be looked at holds; ${unsure === 1 ? "one step" : `${unsure} steps`} could not.`);
  else say("good", "Everything holds: the log says the same about this use as this page.");
  const row = button.parentElement.querySelector("[data-checked]");
  row.dataset.state = verdict.dataset.state;
  row.textContent = MARKS[verdict.dataset.state];
}

function say(state, words) {
  verdict.dataset.state = state;
  verdict.textContent = words;
}

function item(name, title) {
  const line = document.createElement("li");
  line.dataset.step = name;
  line.append(element("strong", title), element("span", "", "check-state"), element("p", ""));
  mark(line, "waiting");
  return line;
}

function show({ name, state, words }) {
  const line = steps.querySelector(`[data-step="${name}"]`);
  mark(line, state);
  line.querySelector("p").textContent = words;
}

function mark(line, state) {
  line.dataset.state = state;
  line.querySelector(".check-state").textContent = MARKS[state];
}

function element(kind, text, classes = "") {
  const made = document.createElement(kind);
  made.textContent = text;
  if (classes) made.className = classes;
  return made;
}
