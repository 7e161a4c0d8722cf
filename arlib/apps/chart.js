// One Vega-Lite chart of the page. The engine widget brings Vega once; charts wait for it here, whichever comes first.
const engine = (globalThis.arlibVega ??= Promise.withResolvers?.() ?? deferred());

function deferred() {
  const later = {};
  later.promise = new Promise((resolve) => (later.resolve = resolve));
  return later;
}

const OPTIONS = { actions: false, renderer: "svg", defaultStyle: false };

function render({ model, el }) {
  el.classList.add("arlib-chart");
  el.dataset.testid = model.get("name");
  let shown = null;
  let asked = 0;
  let drawing = false;
  let gone = false;
  let width = 0;

  // The new drawing is made beside the old one, unseen, and takes its place when it is ready: the page never jumps.
  async function replace() {
    const place = document.createElement("div");
    place.className = "arlib-drawing is-next";
    el.append(place);
    const embed = await engine.promise;
    const next = await embed(place, structuredClone(model.get("spec")), OPTIONS);
    shown?.finalize();
    el.replaceChildren(place);
    place.className = "arlib-drawing";
    shown = next;
    el.dataset.drawn = String(asked);
  }

  // While a slider moves, specs come faster than they are drawn: only the newest one is.
  async function draw() {
    asked += 1;
    if (drawing) return;
    drawing = true;
    el.dataset.drawing = "true";
    try {
      for (let turn = 0; turn !== asked && !gone; ) {
        turn = asked;
        width = el.clientWidth;
        if (width > 0 && Object.keys(model.get("spec")).length) await replace();
      }
    } finally {
      drawing = false;
      delete el.dataset.drawing;
    }
  }

  // Covers the first time the place has a width, and every change of layout afterwards.
  const watcher = new ResizeObserver(() => {
    if (Math.abs(el.clientWidth - width) > 1) draw();
  });
  watcher.observe(el);
  model.on("change:spec", draw);

  return () => {
    gone = true;
    watcher.disconnect();
    model.off("change:spec", draw);
    shown?.finalize();
  };
}

export default { render };
