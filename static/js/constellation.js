// The constellation answers: point at (or move the focus to) a motif, a moment or a name, and its threads
// light up while the rest steps back. The drawing comes complete from the server and reads without this.
//
// Expected: figure.sky with elements that carry data-motif="<id>" and/or data-voice="<key>"; motifs with
// tabindex="0" are reached by keyboard; .sky-legend buttons with data-voice and aria-pressed keep one voice lit;
// .sky-note (aria-live) receives the aria-label of what is lit. Voices in a .weave on the same page follow.

export function watchConstellations(root = document) {
  root.querySelectorAll(".sky").forEach(watch);
}

function watch(sky) {
  const parts = [...sky.querySelectorAll("svg [data-motif], svg [data-voice]"), ...document.querySelectorAll(".weave [data-voice]")];
  const note = sky.querySelector(".sky-note");
  const silence = note?.textContent ?? "";
  let kept = null; // the voice chosen in the legend

  const show = (choice) => {
    for (const part of parts) mark(part, choice);
    if (note) note.textContent = choice?.label ?? silence;
  };
  const point = (event) => show(choiceOf(event.target) ?? kept);
  const leave = () => show(kept);

  sky.querySelectorAll("svg.sky-map").forEach((map) => {
    map.addEventListener("pointerover", point);
    map.addEventListener("pointerleave", leave);
    map.addEventListener("focusin", point);
    map.addEventListener("focusout", leave);
    map.addEventListener("keydown", (event) => walk(event, map));
  });
  sky.querySelectorAll(".sky-legend button[data-voice]").forEach((button) => {
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      sky.querySelectorAll(".sky-legend button").forEach((other) => other.setAttribute("aria-pressed", String(on && other === button)));
      kept = on ? choiceOf(button) : null;
      show(kept);
    });
    button.addEventListener("pointerenter", () => show(choiceOf(button)));
    button.addEventListener("pointerleave", leave);
  });
}

// What a thing stands for: a motif, or a voice; nothing for the sky itself.
function choiceOf(target) {
  const part = target.closest?.("[data-motif], [data-voice]");
  if (!part) return null;
  const isMotif = part.matches(".motif");
  const label = part.getAttribute("aria-label") ?? part.querySelector("title")?.textContent ?? part.textContent.trim();
  return isMotif ? { motif: part.dataset.motif, label } : { voice: part.dataset.voice, label };
}

function mark(part, choice) {
  delete part.dataset.lit;
  delete part.dataset.dim;
  const lit = choice && belongs(part, choice);
  if (lit === true) part.dataset.lit = "true";
  if (lit === false) part.dataset.dim = "true";
}

// A light belongs to several voices: data-voices holds their keys, separated by spaces.
// Null: the part says nothing about what was chosen (a line of the weave, asked about a motif).
function belongs(part, { motif, voice }) {
  const among = (names, name) => names.split(" ").includes(name);
  const names = motif === undefined ? (part.dataset.voice ?? part.dataset.voices) : part.dataset.motif;
  return names === undefined ? null : among(names, motif ?? voice);
}

// Arrow keys go from light to light in the order of the page; Escape lets go.
function walk(event, map) {
  const lights = [...map.querySelectorAll(".motif[tabindex]")];
  const here = lights.indexOf(document.activeElement);
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") document.activeElement?.blur();
  if (!step || here < 0) return;
  event.preventDefault();
  lights[(here + step + lights.length) % lights.length].focus();
}

watchConstellations();
