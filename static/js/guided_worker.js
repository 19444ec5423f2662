// Keeps opened rituals for when there is no network, and shows what the house sends (see devices.js).
// It answers for nothing else: every other request goes its own way. What is kept goes when somebody signs out (see guided_cache.js).
const KEPT = "guided-rituals";
const GUIDED = /^\/g\/[^/]+\/rituals\/[^/]+\/guided\/$/;
const PARTS = "/static/";

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  if (event.data?.keep) event.waitUntil(keep(event.data.keep).then((kept) => event.ports[0].postMessage({ kept })));
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && GUIDED.test(address.pathname)) event.respondWith(page(event.request));
  else if (address.pathname.startsWith(PARTS)) event.respondWith(part(event.request));
});

// The page and its parts; true when all of them are kept.
async function keep(addresses) {
  const cache = await caches.open(KEPT);
  const wanted = addresses.filter((address) => ours(new URL(address)));
  const kept = await Promise.all(wanted.map((address) => keepOne(cache, address)));
  return kept.every(Boolean);
}

const ours = ({ origin, pathname }) =>
  origin === self.location.origin && (pathname.startsWith(PARTS) || GUIDED.test(pathname));

async function keepOne(cache, address) {
  const reply = await fetch(address, { credentials: "same-origin" });
  if (!reply.ok || reply.redirected) return false; // signed out meanwhile: a sign-in page is no ritual
  await cache.put(address, reply);
  return true;
}

// What is new comes first; without a network, what was kept.
async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await (await caches.open(KEPT)).match(request.url);
    if (kept) return kept;
    throw error;
  }
}

async function part(request) {
  const kept = await (await caches.open(KEPT)).match(request.url);
  if (!kept) return fetch(request);
  return fetch(request).catch(() => kept.clone());
}

// What is sent says that something begins or waits, and not what. One with the same tag takes the place of the one before.
self.addEventListener("push", (event) => {
  const { title = "Tonight", body = "", tag = "", address = "/tonight/" } = read(event.data);
  event.waitUntil(self.registration.showNotification(title, { body, tag, data: { address } }));
});

function read(data) {
  try {
    return data?.json() ?? {};
  } catch {
    return {};
  }
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(new URL(event.notification.data?.address ?? "/tonight/", self.location.origin)));
});

// The page that is open already, or a new one; never another house's.
async function open(address) {
  const target = address.origin === self.location.origin ? address : new URL("/tonight/", self.location.origin);
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((page) => new URL(page.url).pathname === target.pathname);
  return there ? there.focus() : self.clients.openWindow(target);
}
