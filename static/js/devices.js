// Lets this browser ring: asks it, asks the person, and hands its address to the house.
const WORKER = "/guided-worker.js";

const button = document.querySelector("[data-push-key]");
const word = document.querySelector("[data-push-word]");

if (button) {
  if ("serviceWorker" in navigator && "PushManager" in window) button.addEventListener("click", ring);
  else {
    button.disabled = true;
    word.textContent = "This browser cannot ring.";
  }
}

async function ring() {
  button.disabled = true;
  try {
    if ((await Notification.requestPermission()) !== "granted") throw new Error("You did not allow this browser to ring.");
    await keep(await subscribed());
    location.reload();
  } catch (error) {
    word.textContent = error.name === "Error" ? error.message : "The service of this browser's maker cannot be reached now.";
    button.disabled = false;
  }
}

async function subscribed() {
  await navigator.serviceWorker.register(WORKER);
  const worker = await navigator.serviceWorker.ready;
  const applicationServerKey = bytes(button.dataset.pushKey);
  const held = await worker.pushManager.getSubscription();
  if (held) await held.unsubscribe(); // it may be of a key that the house no longer has
  return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
}

async function keep(subscription) {
  const headers = { "Content-Type": "application/json", ...JSON.parse(document.body.getAttribute("hx-headers")) };
  const reply = await fetch(button.dataset.pushAddress, { method: "POST", headers, body: JSON.stringify(subscription) });
  if (!reply.ok) throw new Error((await reply.json()).detail);
}

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (one) => one.charCodeAt(0));
}
