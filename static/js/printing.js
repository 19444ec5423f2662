// A button with data-prints opens the browser's own print dialog; folds are opened first, since paper has no press.

export function watchPrinting(root = document) {
  root.addEventListener("click", (event) => {
    if (event.target.closest("[data-prints]")) window.print();
  });
  window.addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("main details:not([open])")) {
      fold.open = true;
      fold.dataset.openedToPrint = "";
    }
  });
  window.addEventListener("afterprint", () => {
    for (const fold of document.querySelectorAll("[data-opened-to-print]")) {
      fold.open = false;
      delete fold.dataset.openedToPrint;
    }
  });
}
