// An extension of JupyterLab for our app pages: what Voilà's scripts do too early, or too late.
(() => {
  "use strict";
  let shared;

  const of = async (name) => {
    const [newest] = Object.values(shared[name]);
    return (await newest.get())();
  };

  // Formulas are what a notebook shows as one. Words stay as they were typed, also those with a $ or a \: a page cannot
  // know whose they are. What draws formulas is fetched only by a page that has one.
  const maths = (ILatexTypesetter) => {
    let drawing;
    const typesetter = {
      async typeset(node) {
        if (!node.matches(".jp-RenderedLatex")) return;
        drawing ??= of("@jupyterlab/mathjax-extension").then(({ MathJaxTypesetter }) => new MathJaxTypesetter());
        (await drawing).typeset(node);
      },
    };
    return { id: "workbench:maths", autoStart: true, provides: ILatexTypesetter, activate: () => typesetter };
  };

  // Widgets: an output that needs one waits for the word that it came. By itself it looks every tenth of a second, for
  // two seconds, and calls a widget missing that comes in the last of them.
  const patience = {
    id: "workbench:patience",
    autoStart: true,
    activate: (app) => {
      app.widgetManagerPromise.promise.then((manager) => {
        const find = manager.get_model.bind(manager);
        manager.get_model = (id) =>
          new Promise((found) => {
            const look = () => {
              if (!manager.has_model(id) && !manager.restoredStatus) return;
              manager.modelRegistered.disconnect(look);
              manager.restored.disconnect(look);
              found(find(id));
            };
            manager.modelRegistered.connect(look);
            manager.restored.connect(look);
            look();
          });
      });
    },
  };

  // A widget that stands in a form's place: `static/host.js` asks for it.
  const strangers = {
    id: "workbench:strangers",
    autoStart: true,
    activate: (app) => {
      app.widgetManagerPromise.promise.then(async (manager) => {
        const { Widget } = await of("@lumino/widgets");
        window.addEventListener("workbench:stranger", async ({ detail: { id, el } }) => {
          const view = await manager.create_view(await manager.get_model(id));
          Widget.attach(view.luminoWidget, el);
        });
        document.body.dataset.whole = "";
        window.dispatchEvent(new Event("workbench:whole"));
      });
    },
  };

  // The line to the kernel: when it breaks, the page asks why. JupyterLab gives it up after some attempts; when the server
  // answers again, it is taken up.
  const line = {
    id: "workbench:line",
    autoStart: true,
    activate: (app) => {
      app.widgetManagerPromise.promise.then(({ kernel }) => {
        kernel.connectionStatusChanged.connect((_kernel, status) => {
          if (status !== "connected") window.dispatchEvent(new Event("workbench:doubt"));
        });
        window.addEventListener("workbench:back", () => {
          if (kernel.connectionStatus !== "connected") kernel.reconnect().catch(() => {});
        });
      });
    },
  };

  const plugins = async () => {
    const { ILatexTypesetter } = await of("@jupyterlab/rendermime");
    return () => ({ __esModule: true, default: [maths(ILatexTypesetter), patience, strangers, line] });
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB.workbench = { init: (scope) => (shared = scope), get: plugins };
})();
