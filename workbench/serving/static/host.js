// Forms on an app's page: shows each as soon as its state is there, and keeps the line to its kernel.
//
// A form gets what anywidget gives one (anywidget.dev, "AFM") as far as ours ask for it: `get`, `set` (in this
// page alone), `on`, `off` and `send` of its model, and an element. Its state comes with the page; what changed until the line stands is asked for then.
// Anything that is no form of ours is left to Voilà's scripts, which are fetched for it.
(() => {
  "use strict";
  const FIRST = 500; // ms until a lost line is tried again; twice as long each time
  const LAST = 30_000;
  const ASKED = 3_000; // ms between two questions whether a form is up to date
  const REFERENCE = /^IPY_MODEL_/;
  const { forms, scripts, sheets } = document.currentScript.dataset;
  const whole = "script[data-whole]"; // Voilà's, where they are

  const models = new Map();
  const unique = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  class Model {
    constructor(id, state, mark) {
      Object.assign(this, { id, state, mark, listeners: new Map() });
    }

    get isForm() {
      return Boolean(this.state._esm?.startsWith(forms));
    }

    get parts() {
      return (this.state.children ?? []).map((one) => one.replace(REFERENCE, ""));
    }

    // Whether it can be shown here: a form, or a column of what can.
    get isOurs() {
      return this.isForm || (this.parts.length > 0 && this.parts.every((id) => models.get(id)?.isOurs));
    }

    get(name) {
      return this.state[name];
    }

    set(name, value) {
      this.state[name] = value;
      this.tell(`change:${name}`);
    }

    on(kind, listener) {
      if (!this.listeners.has(kind)) this.listeners.set(kind, new Set());
      this.listeners.get(kind).add(listener);
    }

    off(kind, listener) {
      this.listeners.get(kind)?.delete(listener);
    }

    tell(kind, ...what) {
      for (const listener of [...(this.listeners.get(kind) ?? [])]) listener(...what);
    }

    update(state) {
      const names = Object.keys(state).filter((name) => JSON.stringify(state[name]) !== JSON.stringify(this.state[name]));
      this.mark = ""; // no longer what came with the page
      Object.assign(this.state, state);
      for (const name of names) this.tell(`change:${name}`);
    }

    send(content, _callbacks, buffers = []) {
      line.send(this.id, { method: "custom", content }, buffers);
    }
  }

  // The line: Jupyter's messages over a websocket, of which a form needs those of its comm alone.
  const line = {
    socket: null,
    session: unique(),
    waits: new Map(), // what was said while there was no line; the same thing said again waits once
    misses: 0,
    again: 0,
    left: false,
    cause: "", // the message that the kernel answers just now
    ends: new Map(), // what is to be done when it has answered one

    get open() {
      return this.socket?.readyState === WebSocket.OPEN;
    },

    connect() {
      clearTimeout(this.again);
      if (this.left) return;
      if (this.socket && this.socket.readyState < WebSocket.CLOSING) return;
      const kernel = JSON.parse(document.getElementById("jupyter-config-data").textContent).kernelId;
      const address = `${location.origin.replace(/^http/, "ws")}${document.documentElement.dataset.root}api/kernels/${kernel}/channels?session_id=${this.session}`;
      const socket = (this.socket = new WebSocket(address));
      let stood = false;
      socket.binaryType = "arraybuffer";
      socket.onmessage = ({ data }) => this.heard(read(data));
      socket.onopen = () => {
        stood = true;
        this.misses = 0;
        for (const model of models.values()) catchUp(model);
        for (const [data, packed] of this.waits) this.waits.delete(data) && socket.send(packed);
      };
      socket.onclose = () => {
        if (this.socket !== socket) return;
        if (document.getElementById("asleep")?.open) return; // its kernel is gone for good
        if (!this.left && stood) dispatchEvent(new Event("workbench:doubt"));
        this.again = setTimeout(() => this.connect(), Math.min(LAST, FIRST * 2 ** this.misses++));
      };
    },

    send(comm, data, buffers = []) {
      const packed = pack(comm, data, buffers, this.session);
      if (this.open) this.socket.send(packed);
      else this.waits.set(buffers.length ? packed : JSON.stringify([comm, data]), packed);
    },

    // Later, when all has come that the kernel says to the message in hand.
    atEnd(act) {
      const { cause } = this;
      this.ends.set(cause, [...(this.ends.get(cause) ?? []), act]);
      setTimeout(() => this.end(cause), ASKED); // nothing ends what a kernel says by itself
    },

    end(cause) {
      const acts = this.ends.get(cause) ?? [];
      this.ends.delete(cause);
      for (const act of acts) act();
    },

    heard({ header, parent_header: parent, content }) {
      const kind = header.msg_type;
      this.cause = parent.msg_id ?? "";
      if (kind === "status" && content.execution_state === "idle") this.end(this.cause);
      const { comm_id: id, data } = content;
      if (kind === "comm_open" && (data.state?._esm?.startsWith(forms) || data.state?._model_name === "VBoxModel")) models.set(id, new Model(id, data.state));
      if (kind === "comm_close") {
        clearTimeout(models.get(id)?.asks);
        models.delete(id);
      }
      if (kind !== "comm_msg" || !models.has(id)) return;
      if (data.method === "update") models.get(id).update(data.state);
      if (data.method === "custom") {
        if (data.content.kind === "held") models.get(id).asks = clearTimeout(models.get(id).asks);
        models.get(id).tell("msg:custom", data.content);
      }
    },
  };

  const pack = (comm, data, buffers, session) => {
    const header = { msg_id: unique(), msg_type: "comm_msg", username: "", session, date: new Date().toISOString(), version: "5.2" };
    const message = JSON.stringify({ channel: "shell", header, parent_header: {}, metadata: {}, content: { comm_id: comm, data } });
    if (!buffers.length) return message;
    const parts = [new TextEncoder().encode(message), ...buffers];
    const offsets = new DataView(new ArrayBuffer(4 * (parts.length + 1)));
    offsets.setUint32(0, parts.length);
    let at = offsets.byteLength;
    parts.forEach((part, place) => {
      offsets.setUint32(4 * (place + 1), at);
      at += part.byteLength;
    });
    return new Blob([offsets.buffer, ...parts]);
  };

  const read = (data) => {
    if (typeof data === "string") return JSON.parse(data);
    const view = new DataView(data);
    const end = view.getUint32(0) > 1 ? view.getUint32(8) : data.byteLength;
    return JSON.parse(new TextDecoder().decode(data.slice(view.getUint32(4), end)));
  };

  // What changed while there was no line. It is asked again: an answer that nobody waited for yet is lost.
  const catchUp = (model) => {
    if (!model.isForm) return line.send(model.id, { method: "request_state" });
    const { mark } = model;
    const ask = () => {
      if (!line.open) return;
      line.send(model.id, { method: "custom", content: { kind: "held", mark } });
      model.asks = setTimeout(ask, ASKED);
    };
    clearTimeout(model.asks);
    ask();
  };

  const element = (name, told) => Object.assign(document.createElement(name), told);
  const fetched = (name, told) => new Promise((done, failed) => document.head.append(element(name, { ...told, onload: done, onerror: failed })));

  // Voilà's scripts, for what is no form; they begin with the page, which was whole long ago.
  let begun = null;
  const stranger = async (id, el) => {
    begun ??= new Promise((done) => {
      if ("whole" in document.body.dataset) return done();
      addEventListener("workbench:whole", done, { once: true });
      if (document.querySelector(whole)) return;
      Promise.all(scripts.split(" ").map((src) => fetched("script", { src }))).then(() => {
        for (const href of sheets.split(" ")) fetched("link", { rel: "stylesheet", href });
        dispatchEvent(new Event("load"));
      });
    });
    await begun;
    dispatchEvent(new CustomEvent("workbench:stranger", { detail: { id, el } }));
  };

  // Shows a widget in an element; returns what takes it away.
  const show = (id, el) => {
    const model = models.get(id);
    if (model?.isForm) return showForm(model, el);
    if (model?.isOurs) return showColumn(model, el);
    stranger(id, el);
    return () => {};
  };

  let styled = null;
  const showForm = (model, el) => {
    let gone = false;
    let leave = () => {};
    const draw = async () => {
      styled ??= fetched("link", { rel: "stylesheet", href: model.get("_css") }).catch(() => {}); // plain is better than nothing
      const [{ default: widget }] = await Promise.all([import(model.get("_esm")), styled]);
      if (!gone) leave = (await widget.render({ model, el })) ?? leave;
      shown();
    };
    draw().catch((error) => {
      console.error(error);
      const why = error instanceof SyntaxError ? "too-old" : "broken";
      el.replaceChildren(document.getElementById(why).content.cloneNode(true));
      shown();
    });
    return () => {
      gone = true;
      leave();
    };
  };

  const showColumn = (model, el) => {
    const parts = new Map(); // id -> {at, leave}
    const arrange = () => {
      const wanted = model.parts;
      for (const [id, part] of parts) {
        if (wanted.includes(id)) continue;
        part.at.remove();
        line.atEnd(part.leave); // it has yet to hear that its answer was kept
        parts.delete(id);
      }
      for (const [place, id] of wanted.entries()) {
        const part = parts.get(id) ?? { at: element("div", { className: "part" }) };
        if (el.children[place] !== part.at) el.insertBefore(part.at, el.children[place] ?? null); // one that is moved loses the focus
        if (!parts.has(id)) parts.set(id, Object.assign(part, { leave: show(id, part.at) }));
      }
    };
    model.on("change:children", arrange);
    arrange();
    return () => {
      model.off("change:children", arrange);
      for (const part of parts.values()) part.leave();
    };
  };

  const shown = () => {
    window.themeLoaded = true; // of which Voilà's scripts tell on other pages
    window.display_cells();
  };

  // The page comes in pieces: an output is whole when something follows it.
  const begin = () => {
    const ended = document.readyState !== "loading";
    for (const data of document.querySelectorAll("script[type='application/vnd.workbench.form+json']")) {
      const place = data.parentElement;
      if (!ended && !place.nextElementSibling) continue;
      const told = JSON.parse(data.textContent);
      for (const [id, { state, mark }] of Object.entries(told.models)) if (!models.has(id)) models.set(id, new Model(id, state, mark));
      data.remove();
      show(told.model, place);
    }
    if (!ended) return;
    pieces.disconnect();
    if (models.size && !document.querySelector("[data-cut]")) line.connect();
    if (!document.querySelector(whole)) shown();
  };
  const pieces = new MutationObserver(begin);
  pieces.observe(document, { childList: true, subtree: true });
  addEventListener("DOMContentLoaded", begin);
  begin();

  // Somebody else has the device: nothing is said any more, and nothing comes back.
  addEventListener("workbench:left", () => {
    line.left = true;
    models.clear();
    line.socket?.close();
  });
  addEventListener("workbench:back", () => models.size && line.connect());
  addEventListener("online", () => models.size && line.connect());
})();
