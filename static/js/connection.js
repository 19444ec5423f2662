// Shows a LiveClient's state in a pill: <span class="pill" data-connection data-state="connecting">…</span>
// and announces only what matters: lost, back, ended.

const WORDS = {
  connecting: "Connecting…",
  live: "Live",
  reconnecting: "Reconnecting…",
  "caught-up": "Caught up",
  closed: "Not connected",
};

export function showConnection(client, pill = document.querySelector("[data-connection]")) {
  const show = (state, reason) => {
    pill.dataset.state = state;
    pill.textContent = WORDS[state];
    pill.title = reason;
    document.body.dataset.connection = state;
  };
  client.addEventListener("state", ({ detail }) => show(detail.state, detail.reason));
  show(client.state, "");
}
