// Shows a theme the moment it is chosen in a form (an input named "theme"); the server keeps it.

export function watchTheme(root = document) {
  root.addEventListener("change", (event) => {
    if (event.target.name === "theme") apply(event.target.value);
  });
}

/** Sets <html data-theme>; "system" takes the override away. */
export function apply(theme) {
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}
