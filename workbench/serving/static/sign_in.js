// Hands what the address carries over, out of sight of logs, and takes it off the address.
(() => {
  "use strict";
  const page = document.documentElement;
  const [, what = "", secret = ""] = /^#(key|invite|code)=([\w-]+)$/.exec(location.hash) || [];
  page.classList.add("knocking");
  if (secret) history.replaceState(null, "", location.pathname + location.search);

  const invited = () => {
    const form = document.querySelector("#invited form");
    form.elements.namedItem("token").value = secret;
    for (const card of document.querySelectorAll("main > section")) card.hidden = card.id !== "invited";
  };

  const scanned = async () => {
    const body = new URLSearchParams({ code: secret, _xsrf: document.querySelector("[name=_xsrf]").value });
    try {
      const answer = await fetch(`${page.dataset.root}come`, { method: "POST", body, headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (answer.ok) return location.replace(told.address);
      const said = document.getElementById("scanned");
      said.hidden = false;
      said.querySelector("h1").textContent = told.message;
      said.querySelector("p").textContent = told.next;
      for (const card of document.querySelectorAll("main > section")) card.hidden = card !== said;
    } catch {
      // The page says nothing new: it can be scanned again.
    }
    page.classList.remove("knocking");
  };

  document.addEventListener("DOMContentLoaded", async () => {
    if (!document.querySelector("[name=_xsrf]")) return; // the page says why
    if (what === "invite" && document.getElementById("invited")) {
      invited();
      page.classList.remove("knocking");
      return;
    }
    if (what === "code") {
      await scanned();
      return;
    }
    const key = secret;
    const body = new URLSearchParams({ key, _xsrf: document.querySelector("[name=_xsrf]").value });
    try {
      // Without a key this asks whether the browser is in already: a link from elsewhere hides its cookie.
      const answer = await fetch(`${page.dataset.root}enter`, { method: "POST", body, headers: { Accept: "application/json" } });
      if (answer.ok && (await answer.json()).entered) {
        location.replace(location.pathname + location.search);
        return;
      }
      if (answer.ok && key) return location.replace(`${page.dataset.root}?wrong=1`); // a link of a server that ended
    } catch {
      // The forms below work without us.
    }
    page.classList.remove("knocking");
  });
})();
