// Keys: "?" lists them; "g" then a letter goes somewhere; a page adds its own with data-key="x" on a
// link or a button, and data-key-name says in words what it does. Off while someone types.
import { open } from "./dialogs.js";

const GO_WITHIN_MS = 1500;
const PLACES = { n: "portal:night", j: "journal:list", h: "portal:guild", c: "consent:mine" };

export function watchShortcuts() {
  let goUntil = 0;
  document.addEventListener("keydown", (event) => {
    if (isTyping(event)) return;
    const going = performance.now() < goUntil;
    goUntil = 0;
    if (going && follow(PLACES[event.key])) return event.preventDefault();
    if (event.key === "g") goUntil = performance.now() + GO_WITHIN_MS;
    else if (event.key === "?") listAll();
    else if (event.key === "/") focusSearch(event);
    else press(event);
  });
}

function isTyping(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  const field = event.target.closest?.("input, textarea, select, [contenteditable]");
  return Boolean(field && !["checkbox", "radio", "button", "submit"].includes(field.type));
}

function follow(view) {
  const link = view && document.querySelector(`a[data-view="${view}"]`);
  if (link) link.click();
  return Boolean(link);
}

function focusSearch(event) {
  const search = document.querySelector('input[type="search"]');
  if (!search) return;
  event.preventDefault();
  search.focus();
}

function press(event) {
  const scope = document.querySelector("dialog[open]") ?? document;
  const target = scope.querySelector(`[data-key="${CSS.escape(event.key)}"]:not(:disabled)`);
  if (!target) return;
  event.preventDefault();
  target.matches("input, textarea, select") ? target.focus() : target.click();
}

// The keys of this page join the list the first time it is opened.
function listAll() {
  const list = document.querySelector("[data-shortcut-list]");
  if (!list) return;
  list.querySelectorAll("[data-of-page]").forEach((row) => row.remove());
  document.querySelectorAll("[data-key][data-key-name]").forEach((target) => {
    const term = document.createElement("dt");
    const key = document.createElement("kbd");
    key.textContent = target.dataset.key;
    term.append(key);
    const words = document.createElement("dd");
    words.textContent = target.dataset.keyName;
    for (const row of [term, words]) row.dataset.ofPage = "";
    list.append(term, words);
  });
  open("shortcuts");
}
