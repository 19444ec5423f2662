// The parts of a live page. Events bring ids; the words come over HTTP, rendered and checked by the server.

/**
 * @param {HTMLElement} root the element with data-place, the address of the session
 */
export class Parts {
  #place;
  #root;
  #fetching = new Map(); // part name -> whether it must be fetched once more

  constructor(root) {
    this.#root = root;
    this.#place = root.dataset.place;
  }

  /** Renders a part of the page anew; asked for again meanwhile, once more after that. */
  async refresh(name) {
    if (this.#fetching.has(name)) return void this.#fetching.set(name, true);
    this.#fetching.set(name, false);
    const markup = await this.#fetch(name);
    const box = this.#root.querySelector(`[data-part="${name}"]`);
    if (markup !== null && box) keepingFocus(box, () => box.replaceChildren(fragment(markup)));
    if (box) globalThis.htmx?.process(box);
    const again = this.#fetching.get(name);
    this.#fetching.delete(name);
    if (again) await this.refresh(name);
  }

  /** One rendered element, or null when it is not there (any more). */
  async element(path) {
    const markup = await this.#fetch(path);
    return markup === null ? null : fragment(markup).firstElementChild;
  }

  async #fetch(path) {
    try {
      const answer = await fetch(`${this.#place}parts/${path}/`, { credentials: "same-origin" });
      return answer.ok ? await answer.text() : null;
    } catch {
      return null; // offline: the page is put right from a snapshot when it is back
    }
  }
}

function fragment(markup) {
  const template = document.createElement("template");
  template.innerHTML = markup.trim();
  return template.content;
}

// Whoever is on a button stays on it when the part is drawn anew.
function keepingFocus(box, draw) {
  const held = box.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  draw();
  if (held) box.querySelector(`[data-key="${CSS.escape(held)}"]`)?.focus();
}
