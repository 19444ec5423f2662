// A button that prints the page it is on.

/** Lets every button with data-prints open the browser's print dialogue. */
export function watchPrinting(root = document) {
  for (const button of root.querySelectorAll("[data-prints]")) {
    button.addEventListener("click", () => print());
  }
}
