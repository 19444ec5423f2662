// Says at once that somebody began to keep what stands on this page. Without it the page asks every half minute.
// When the server listens, at first and after every break, it is asked once for all that came before.
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 60000;
const SIGNED_OUT = 4401;

let pause = FIRST_PAUSE;

function listen() {
  const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/ws/tonight/`);
  socket.addEventListener("open", () => { pause = FIRST_PAUSE; });
  socket.addEventListener("message", (event) => refresh(JSON.parse(event.data).ritual));
  socket.addEventListener("close", (event) => {
    if (event.code === SIGNED_OUT) return;
    setTimeout(listen, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  });
}

function refresh(ritual) {
  const lines = document.querySelectorAll(ritual ? `[data-ritual="${CSS.escape(ritual)}"]` : "[data-ritual]");
  for (const line of lines) self.htmx?.trigger(line, "others");
}

if (document.querySelector("[data-ritual]")) listen();
