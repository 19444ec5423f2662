// The client of a live session: a subset of Centrifugo's JSON protocol over one WebSocket.
//
// What it promises to the page:
//  - "event" fires for every recorded event after `position`, in order, once, whatever the network does;
//  - when the server cannot replay what was missed, `snapshot()` is asked for the whole state and its position;
//  - a command sent with `rpc` is sent again, under the same key, until it is answered or given up;
//  - "state" says where the connection stands: connecting, live, reconnecting, caught-up, closed.
import { backoff, LiveError, newKey, parse } from "./wire.js";

const ANSWER_WITHIN_MS = 10_000;
const GIVE_UP_AFTER_MS = 60_000;
const SILENCE_GRACE_MS = 10_000;
const CAUGHT_UP_SHOWN_MS = 4_000;
const GAP_GRACE_MS = 1_500;
const RETRIES_WHEN_BUSY = 4;
const UNAUTHORISED = 101;
const FORBIDDEN = 103;
const UNRECOVERABLE = 112;

const isTerminal = (code) => (code >= 3500 && code < 4000) || code >= 4500;

/**
 * Events: "state" {state, reason}, "event" {offset, data}, "latest" (data: progress, presence; no offset).
 * @param {object} options
 * @param {string} options.url ws(s)://…/ws/
 * @param {string} options.channel "session:<uuid>"
 * @param {?{epoch: string, offset: number}} options.position where the page as rendered stands
 * @param {() => Promise<{epoch: string, offset: number}>} options.snapshot renders the whole state anew
 */
export class LiveClient extends EventTarget {
  state = "closed";
  #options;
  #socket = null;
  #position;
  #lastId = 0;
  #replies = new Map(); // command id -> {resolve, reject, timer}
  #commands = new Map(); // idempotency key -> an rpc that has no answer yet
  #subscribed = false;
  #catchingUp = null; // events that arrive while a snapshot is taken
  #attempts = 0;
  #everLive = false;
  #pingEvery = 0; // how long the server may say nothing, in ms; 0 before it said
  #timers = {};

  constructor(options) {
    super();
    this.#options = options;
    this.#position = options.position ?? null;
    addEventListener("online", () => this.#hurry());
    addEventListener("pageshow", (event) => event.persisted && this.#hurry());
  }

  get position() {
    return this.#position;
  }

  open() {
    if (this.#socket || this.#timers.again) return;
    this.#say(this.#everLive ? "reconnecting" : "connecting");
    const socket = new WebSocket(this.#options.url);
    this.#socket = socket;
    socket.onopen = () => this.#greet(socket);
    socket.onmessage = (message) => socket === this.#socket && this.#take(message.data);
    socket.onclose = (close) => socket === this.#socket && this.#lost(close.code, close.reason);
    this.#expectWithin(ANSWER_WITHIN_MS + SILENCE_GRACE_MS);
  }

  close(reason = "") {
    this.#settle();
    this.#end(reason);
  }

  /**
   * Sends a command; resolves with its data. Rejects with LiveError: `code` from the server, or 0 when no answer
   * came within a minute (the command may or may not have happened; sending it again with the same key is safe).
   */
  rpc(method, data = {}, { key = newKey() } = {}) {
    return new Promise((resolve, reject) => {
      const command = { method, data: { ...data, key }, resolve, reject, sent: false, retries: 0 };
      command.deadline = setTimeout(() => {
        this.#commands.delete(key);
        reject(new LiveError(0, "There was no answer within a minute. Try again; nothing is done twice."));
      }, GIVE_UP_AFTER_MS);
      this.#commands.set(key, command);
      if (this.state === "closed") this.#refuseAll("The session's connection is closed. Reload the page.");
      else if (this.#subscribed) this.#send(command, key);
    });
  }

  // --- the connection ------------------------------------------------------------------------

  async #greet(socket) {
    try {
      const hello = await this.#ask({ connect: {} });
      this.#pingEvery = hello.ping ? hello.ping * 1000 + SILENCE_GRACE_MS : 0;
      if (socket === this.#socket) await this.#subscribe(socket);
    } catch (error) {
      if (socket === this.#socket) this.#refused(error);
    }
  }

  async #subscribe(socket) {
    const since = this.#position;
    const asked = since ? { recover: true, epoch: since.epoch, offset: since.offset } : {};
    const reply = await this.#ask({ subscribe: { channel: this.#options.channel, ...asked } });
    if (reply.recovered) {
      for (const event of reply.publications ?? []) this.#happened(event);
      this.#position = { epoch: reply.epoch, offset: Math.max(this.#position.offset, reply.offset) };
    } else {
      await this.#startOver();
    }
    if (socket !== this.#socket) return; // the page closed, or the line dropped, while the snapshot was taken
    this.#subscribed = true;
    this.#attempts = 0;
    this.#arrived();
    for (const [key, command] of this.#commands) this.#send(command, key);
  }

  // All or nothing: what was missed cannot be replayed, so the page renders the whole state anew.
  // Events that arrive meanwhile wait, and those the snapshot already holds are dropped.
  async #startOver() {
    this.#catchingUp = [];
    try {
      this.#position = await this.#options.snapshot();
    } finally {
      const waiting = this.#catchingUp;
      this.#catchingUp = null;
      if (this.#position) for (const event of waiting) this.#happened(event);
    }
  }

  #arrived() {
    this.#say(this.#everLive ? "caught-up" : "live");
    this.#everLive = true;
    clearTimeout(this.#timers.settle);
    if (this.state === "caught-up") this.#timers.settle = setTimeout(() => this.#say("live"), CAUGHT_UP_SHOWN_MS);
  }

  #refused(error) {
    if (error.code === UNAUTHORISED || error.code === FORBIDDEN) return this.close(error.message);
    if (error.code === UNRECOVERABLE) this.#position = null;
    return this.#lost(0, error.message);
  }

  #lost(code, reason) {
    this.#settle();
    if (isTerminal(code)) return this.#end(reason || "The connection was ended. Reload the page.");
    this.#say(this.#everLive ? "reconnecting" : "connecting", reason);
    this.#timers.again = setTimeout(() => this.#hurry(), backoff(this.#attempts++));
  }

  #hurry() {
    if (this.#socket || this.state === "closed") return;
    clearTimeout(this.#timers.again);
    this.#timers.again = 0;
    this.open();
  }

  // Lets the socket go; commands without an answer stay, to be sent again.
  #settle() {
    const socket = this.#socket;
    this.#socket = null;
    this.#subscribed = false;
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    this.#timers = {};
    for (const { reject, timer } of this.#replies.values()) {
      clearTimeout(timer);
      reject(new LiveError(0, "The connection was lost."));
    }
    this.#replies.clear();
    socket?.close();
  }

  #end(reason) {
    this.#say("closed", reason);
    this.#refuseAll(reason || "The connection is closed.");
  }

  #refuseAll(reason) {
    for (const command of this.#commands.values()) {
      clearTimeout(command.deadline);
      command.reject(new LiveError(0, reason));
    }
    this.#commands.clear();
  }

  // --- what arrives --------------------------------------------------------------------------

  #take(frame) {
    this.#expectWithin(this.#pingEvery);
    for (const message of parse(frame)) {
      if (message.id) this.#answered(message);
      else if (message.push) this.#pushed(message.push);
      else this.#socket?.send("{}");
    }
  }

  // A peer that says nothing, not even a ping, is gone.
  #expectWithin(milliseconds) {
    clearTimeout(this.#timers.silence);
    if (milliseconds) this.#timers.silence = setTimeout(() => this.#lost(0, "The server is silent."), milliseconds);
  }

  #answered({ id, error, ...body }) {
    const waiting = this.#replies.get(id);
    if (!waiting) return;
    this.#replies.delete(id);
    clearTimeout(waiting.timer);
    if (error) waiting.reject(new LiveError(error.code, error.message, Boolean(error.temporary)));
    else waiting.resolve(Object.values(body)[0] ?? {});
  }

  #pushed({ channel, pub }) {
    if (channel !== this.#options.channel || !pub) return;
    if (pub.offset) this.#happened(pub);
    else if (pub.data?.type === "position") this.#compare(pub.data);
    else this.#emit("latest", pub.data);
  }

  #happened(event) {
    if (this.#catchingUp) return void this.#catchingUp.push(event);
    if (!this.#position || event.offset <= this.#position.offset) return;
    if (event.offset > this.#position.offset + 1) return this.#missed();
    this.#position = { ...this.#position, offset: event.offset };
    this.#emit("event", event);
  }

  // The server states its top offset; frames on their way get a moment before it counts as a gap.
  #compare({ epoch, offset }) {
    if (!this.#subscribed || !this.#position) return;
    if (epoch !== this.#position.epoch) return this.#missed();
    if (offset <= this.#position.offset || this.#timers.gap) return;
    this.#timers.gap = setTimeout(() => {
      this.#timers.gap = 0;
      if (this.#position && this.#position.offset < offset) this.#missed();
    }, GAP_GRACE_MS);
  }

  #missed() {
    if (this.#subscribed) this.#lost(0, "Something was missed.");
  }

  // --- what is sent --------------------------------------------------------------------------

  #ask(request) {
    return new Promise((resolve, reject) => {
      if (this.#socket?.readyState !== WebSocket.OPEN) return reject(new LiveError(0, "The connection was lost."));
      const id = ++this.#lastId;
      const timer = setTimeout(() => this.#lost(0, "The server did not answer."), ANSWER_WITHIN_MS);
      this.#replies.set(id, { resolve, reject, timer });
      this.#socket.send(JSON.stringify({ id, ...request }));
    });
  }

  async #send(command, key) {
    try {
      const { data } = await this.#ask({ rpc: { method: command.method, data: command.data } });
      this.#done(command, key).resolve(data ?? {});
    } catch (error) {
      if (error.code === 0) return; // no answer: the next connection sends it again under the same key
      if (error.temporary && command.retries++ < RETRIES_WHEN_BUSY) {
        setTimeout(() => this.#subscribed && this.#commands.has(key) && this.#send(command, key), backoff(command.retries));
      } else this.#done(command, key).reject(error);
    }
  }

  #done(command, key) {
    clearTimeout(command.deadline);
    this.#commands.delete(key);
    return command;
  }

  #say(state, reason = "") {
    if (state === this.state && !reason) return;
    this.state = state;
    this.#emit("state", { state, reason });
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
