// What browsers of the years before lack, and a sentence where a page's scripts cannot run at all. It comes before all
// else, in words that any browser understands (ES5).
(function () {
  "use strict";
  var lacks = !(
    "noModule" in HTMLScriptElement.prototype &&
    window.AbortController &&
    window.structuredClone &&
    window.HTMLDialogElement &&
    Array.prototype.at &&
    Element.prototype.replaceChildren
  );

  // For anywidget's scripts and ours: Safari has `timeout` since 16 and `any` since 17.4, Chrome since 103 and 116.
  if (window.AbortSignal && !AbortSignal.timeout) {
    AbortSignal.timeout = function (time) {
      var control = new AbortController();
      setTimeout(function () {
        control.abort(new DOMException("It took too long.", "TimeoutError"));
      }, time);
      return control.signal;
    };
  }
  if (window.AbortSignal && !AbortSignal.any) {
    AbortSignal.any = function (signals) {
      var control = new AbortController();
      Array.from(signals).forEach(function (one) {
        var stop = function () {
          control.abort(one.reason);
        };
        if (one.aborted) stop();
        else one.addEventListener("abort", stop, { once: true, signal: control.signal });
      });
      return control.signal;
    };
  }
  // For JupyterLab's scripts: no Safari has it.
  if (!window.requestIdleCallback) {
    window.requestIdleCallback = function (act) {
      return setTimeout(function () {
        act({
          didTimeout: false,
          timeRemaining: function () {
            return 50;
          },
        });
      }, 1);
    };
    window.cancelIdleCallback = clearTimeout;
  }

  // The sentence: in place of an app's page, before the first words of any other, which can do without scripts.
  var said = false;
  function say(old, place) {
    if (document.readyState === "loading") {
      document.addEventListener("DOMContentLoaded", function () {
        say(old, place);
      });
      return;
    }
    var template = document.getElementById(old || lacks ? "too-old" : "broken");
    var main = document.querySelector("main");
    if (!template || !main || said) return;
    if (place) place.innerHTML = template.innerHTML;
    else if (main.id === "rendered_cells") {
      var wait = document.getElementById("loading");
      if (!wait && main.innerText.trim()) return; // what is there does without
      if (wait) wait.parentNode.removeChild(wait);
      main.hidden = false;
      main.innerHTML = template.innerHTML;
      said = true;
    } else if (template.id === "too-old") {
      said = true;
      main.insertAdjacentHTML("afterbegin", template.innerHTML);
    }
  }

  function unread(error) {
    return Boolean(error) && error.name === "SyntaxError";
  }
  window.addEventListener(
    "error",
    function (event) {
      var ours = String(event.filename || "").replace("blob:", "").indexOf(location.origin) === 0;
      if (event.target && event.target.nodeName === "SCRIPT") say(false);
      else if (ours && (lacks || unread(event.error))) say(unread(event.error));
    },
    true
  );
  window.addEventListener("unhandledrejection", function (event) {
    var why = event.reason || {};
    if (unread(why)) say(true);
    else if (/dynamically imported module|module script failed|ChunkLoadError/i.test(why.name + why.message)) say(false);
  });
  window.addEventListener("workbench:fails", function () {
    say(false);
  });
  // A widget that could not be made: JupyterLab's own words for it are for whoever writes widgets.
  document.addEventListener("DOMContentLoaded", function () {
    if (lacks) say(true);
    if (window.isSecureContext === false) {
      // Plain http of another computer: browsers take locks, storage and camera away there.
      var main = document.querySelector("main");
      main.hidden = false;
      main.innerHTML = document.getElementById("insecure").innerHTML;
    }
    if (!window.MutationObserver) return;
    new MutationObserver(function () {
      var failed = document.querySelector(".jupyter-widgets-error-widget");
      if (failed) say(false, failed.parentNode);
    }).observe(document.body, { childList: true, subtree: true });
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest && event.target.closest("[data-reload]")) location.reload();
  });
})();
