// The transcript of a live page, kept equal to the session's state.

/**
 * @param {HTMLOListElement} list
 * @param {import("./session_parts.js").Parts} parts
 * @param {() => object} state the session's state now
 */
export class Transcript {
  #list;
  #parts;
  #state;

  constructor(list, parts, state) {
    this.#list = list;
    this.#parts = parts;
    this.#state = state;
  }

  /** Shows what is lent and not shown, and takes away what is shown and not lent. */
  reconcile() {
    const { contributions } = this.#state();
    for (const shown of this.#list.querySelectorAll("[data-dream]")) {
      if (!contributions[shown.dataset.dream]) shown.remove();
    }
    for (const id of Object.keys(contributions)) this.show(id);
  }

  /** Shows a dream in its place in the order, and what was said to it. */
  async show(id) {
    if (this.#item(id)) return this.#showAssociations(id);
    const place = document.createElement("li");
    place.dataset.dream = id;
    place.dataset.waiting = "";
    this.#list.append(place);
    const item = await this.#parts.element(`dreams/${id}`);
    if (!place.isConnected) return undefined; // withdrawn meanwhile
    if (!item) return place.remove();
    item.classList.add("fresh");
    place.replaceWith(item);
    this.permit();
    return this.#showAssociations(id);
  }

  /** Shows a dream as it may be shown now, where more or less of it is allowed than before. */
  async redraw(id) {
    const shown = this.#item(id);
    if (!shown) return this.show(id);
    shown.querySelector(".telling")?.replaceChildren(); // no word stays while the server is asked
    const item = await this.#parts.element(`dreams/${id}`);
    if (!item) return shown.remove();
    shown.replaceWith(item);
    return this.permit();
  }

  /** Takes a withdrawn dream away, with what was said to it. */
  remove(id) {
    this.#item(id)?.remove();
  }

  /** Shows only what the stage allows. */
  permit() {
    const allowed = (document.getElementById("stage-state")?.dataset.allows ?? "").split(" ");
    for (const element of this.#list.querySelectorAll("[data-needs]")) {
      element.hidden = !allowed.includes(element.dataset.needs);
    }
  }

  async #showAssociations(id) {
    const item = this.#item(id);
    const said = item?.querySelector("[data-associations]");
    if (!said || item.dataset.waiting !== undefined) return;
    for (const [association, { contribution }] of Object.entries(this.#state().associations)) {
      if (contribution === id && !said.querySelector(`[data-association="${association}"]`)) {
        await this.#append(said, association);
      }
    }
  }

  async #append(said, association) {
    const place = document.createElement("li");
    place.dataset.association = association;
    said.append(place);
    const item = await this.#parts.element(`associations/${association}`);
    if (!item) return place.remove();
    item.classList.add("fresh");
    return place.replaceWith(item);
  }

  #item(id) {
    return this.#list.querySelector(`[data-dream="${CSS.escape(id)}"]`);
  }
}
