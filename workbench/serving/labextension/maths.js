// Formulas: JupyterLab's way of drawing them is fetched only by a page that has one. An extension of JupyterLab.
(() => {
  "use strict";
  const FORMULA = /\$|\\\(|\\\[|\\begin/;
  let shared;

  const of = async (name) => {
    const [newest] = Object.values(shared[name]);
    return (await newest.get())();
  };

  const extension = async () => {
    const { ILatexTypesetter } = await of("@jupyterlab/rendermime");
    let maths;
    const typesetter = {
      async typeset(node) {
        if (!FORMULA.test(node.textContent)) return;
        maths ??= of("@jupyterlab/mathjax-extension").then(({ MathJaxTypesetter }) => new MathJaxTypesetter());
        (await maths).typeset(node);
      },
    };
    const plugin = { id: "workbench:maths", autoStart: true, provides: ILatexTypesetter, activate: () => typesetter };
    return () => ({ __esModule: true, default: plugin });
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB.workbench = { init: (scope) => (shared = scope), get: extension };
})();
