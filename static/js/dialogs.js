// Native dialogs: a button with data-opens="<id>" opens one; a press on the backdrop closes it.

export function watchDialogs(root = document) {
  root.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) open(opener.dataset.opens);
    const closer = event.target.closest("[data-closes]");
    if (closer) closer.closest("dialog")?.close();
    if (event.target instanceof HTMLDialogElement && isOutside(event)) event.target.close();
  });
}

/** Opens the dialog with this id, unless it is open already. */
export function open(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
}

/** Says something quietly: shown for a while, and announced. */
export function say(text) {
  const region = document.getElementById("toasts");
  if (!region) return;
  const toast = document.createElement("p");
  toast.className = "toast";
  toast.textContent = text;
  region.append(toast);
  setTimeout(() => toast.remove(), 7000);
}

// A press inside the box of the dialog also has the dialog as its target when it lands on padding.
function isOutside(event) {
  const box = event.target.getBoundingClientRect();
  const inside =
    event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  return !inside && event.target.dataset.stays === undefined;
}
