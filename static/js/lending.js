// Lending a part of a dream: what was selected in the dream goes into the field.

export function watchSelection(root = document) {
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-use-selection]");
    if (button) take(button.form);
  });
}

function take(form) {
  const dream = form.querySelector("[data-narrative]");
  const field = form.elements.excerpt;
  const selection = getSelection();
  const inside = selection.rangeCount > 0 && dream.contains(selection.getRangeAt(0).commonAncestorContainer);
  if (inside && !selection.isCollapsed) field.value = selection.toString();
  field.focus();
}

