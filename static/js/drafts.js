// Text is never lost. A form with data-draft="<key>" is kept in this browser while it is being written,
// per dreamer and key; it survives a closed tab, a failed submit and a lost connection.
//
// The draft goes away when the server says the form was saved: the next page carries an element with
// data-draft-saved="<key>", or, for forms answered by htmx, the answer has the header HX-Trigger: draft-saved.
// "Start afresh" in the notice puts it away by hand, and signing out puts all of them away, after asking:
// whoever uses this browser next shall not find half a dream in it.

import { say } from "./dialogs.js";

const PAUSE_MS = 400;
const KEPT_DAYS = 60;
const SKIPPED = new Set(["hidden", "password", "file", "submit", "button", "reset"]);

export function watchDrafts(root = document) {
  clearSaved(root);
  root.querySelectorAll("form[data-draft]").forEach(watch);
  document.addEventListener("htmx:load", (event) => {
    clearSaved(event.target);
    event.target.querySelectorAll?.("form[data-draft]").forEach(watch);
  });
  root.addEventListener("submit", (event) => {
    if (event.target.matches("[data-forgets-drafts]") && !forgetAll()) event.preventDefault();
  });
  document.addEventListener("draft-saved", (event) => {
    const form = event.target.closest?.("form[data-draft]");
    if (form) forget(form.dataset.draft);
  });
}

function watch(form) {
  if (form.dataset.draftWatched !== undefined) return;
  form.dataset.draftWatched = "";
  const key = form.dataset.draft;
  const before = JSON.stringify(values(form));
  restore(form, key);
  let timer = 0;
  const keep = () => {
    clearTimeout(timer);
    timer = 0;
    const now = values(form);
    if (JSON.stringify(now) !== before || read(key)) write(key, now);
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE_MS);
  });
  form.addEventListener("change", keep);
  form.addEventListener("submit", keep);
  addEventListener("pagehide", () => timer && keep());
}

function restore(form, key) {
  const draft = read(key);
  if (!draft) return;
  const fresh = Date.now() - draft.at < KEPT_DAYS * 86400_000;
  if (!fresh) return forget(key);
  if (!fill(form, draft.values)) return;
  form.querySelectorAll("textarea, input").forEach((field) => field.dispatchEvent(new Event("draft-restored")));
  form.prepend(notice(form, key, draft.at));
}

// Puts values back into the fields; true if that changed anything.
function fill(form, kept) {
  let changed = false;
  for (const field of fieldsOf(form)) {
    const value = kept[field.name];
    if (value === undefined) continue;
    if (isChoice(field)) {
      const checked = value.includes(field.value);
      changed ||= field.checked !== checked;
      field.checked = checked;
    } else if (typeof value === "string") {
      changed ||= field.value !== value;
      field.value = value;
    }
  }
  return changed;
}

function values(form) {
  const kept = {};
  for (const field of fieldsOf(form)) {
    if (!isChoice(field)) kept[field.name] = field.value;
    else {
      kept[field.name] ??= [];
      if (field.checked) kept[field.name].push(field.value);
    }
  }
  return kept;
}

const isChoice = (field) => field.type === "checkbox" || field.type === "radio";

const fieldsOf = (form) =>
  [...form.elements].filter((field) => field.name && field.dataset.noDraft === undefined && !SKIPPED.has(field.type));

function notice(form, key, at) {
  const box = document.createElement("div");
  box.className = "notice";
  box.setAttribute("role", "status");
  const words = document.createElement("p");
  const when = new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  words.textContent = `This is your draft from ${when}. It is kept in this browser until you save it. `;
  const afresh = document.createElement("button");
  afresh.type = "button";
  afresh.className = "link-button";
  afresh.textContent = "Start afresh";
  afresh.addEventListener("click", () => {
    forget(key);
    form.reset();
    box.remove();
  });
  words.append(afresh);
  box.append(words);
  return box;
}

function clearSaved(root) {
  root.querySelectorAll?.("[data-draft-saved]").forEach((element) => forget(element.dataset.draftSaved));
}

// True when nothing is left of this dreamer in this browser.
function forgetAll() {
  const mine = drafts();
  const asked = "A draft that you have not saved is kept in this browser. Sign out and remove it?";
  if (mine.length && !confirm(asked)) return false;
  mine.forEach((name) => localStorage.removeItem(name));
  leaving = true;
  return true;
}

function drafts() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(place("")));
  } catch {
    return [];
  }
}

const place = (key) => `draft:${document.body.dataset.dreamer ?? "nobody"}:${key}`;

// A browser may refuse storage (private window, full disk): then writing goes on without drafts,
// and the person is told once.
let refused = false;

// Whoever signs out leaves nothing behind, not even what this page would still write on its way out.
let leaving = false;
addEventListener("pageshow", () => (leaving = false));

function write(key, kept) {
  if (leaving) return;
  try {
    localStorage.setItem(place(key), JSON.stringify({ at: Date.now(), values: kept }));
  } catch {
    if (!refused) say("This browser keeps no drafts. Save before you leave.");
    refused = true;
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(place(key)));
  } catch {
    return null;
  }
}

/** Puts the draft of this key away. */
export function forget(key) {
  try {
    localStorage.removeItem(place(key));
  } catch {
    refused = true;
  }
}
