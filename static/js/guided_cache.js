// Whoever signs out leaves no kept ritual behind on this device.
const KEPT = "guided-rituals";

export function watchKeptRituals(root = document) {
  root.addEventListener("submit", (event) => {
    if (event.target.matches("[data-forgets-drafts]") && !event.defaultPrevented) self.caches?.delete(KEPT);
  });
}
