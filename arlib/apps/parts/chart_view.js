// One Vega-Lite chart of the page. The engine widget brings Vega once; charts wait for it here, whichever comes first.
const engine = (globalThis.arlibVega ??= Promise.withResolvers?.() ?? deferred());

function deferred() {
  const later = {};
  later.promise = new Promise((resolve) => (later.resolve = resolve));
  return later;
}

const OPTIONS = { actions: false, renderer: "svg", defaultStyle: false };
const STANDING_FOR_ROWS = new Set(["arc", "path", "rect", "shape", "symbol"]); // each mark for one row of the data
const PAPER = 900; // pixels, for which the longest lines of titles are made: see arlib/show/look.py
const LONGEST = 500; // letters of a value that is told to the kernel
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };

// The columns of a chart that hold days, as its rows name them.
function daysOf(spec, found = new Set()) {
  for (const part of Object.values(spec ?? {})) {
    if (typeof part !== "object") continue;
    if (part?.field && (part.type === "temporal" || part.timeUnit)) {
      found.add(part.timeUnit ? `${part.timeUnit}_${part.field}` : part.field).add(part.field);
    }
    if (!part?.values) daysOf(part, found); // rows are long, and hold no encoding
  }
  return found;
}

// A day is written as such: Vega holds it as a moment, at midnight here or in Greenwich.
function day(value) {
  const moment = new Date(value);
  const local = new Date(moment - moment.getTimezoneOffset() * 60_000);
  const isGreenwich = moment.getTime() % 86_400_000 === 0;
  return (isGreenwich ? moment : local).toISOString().slice(0, 10);
}

// What a mark stands for, and nothing that the kernel could not read: no function, no list, no inner name of Vega.
function told(datum, days) {
  const isDay = (name, value) => value instanceof Date || (days.has(name) && Number.isFinite(value));
  const values = Object.entries(datum).map(([name, value]) => [name, isDay(name, value) ? day(value) : value]);
  const plain = values.filter(
    ([, value]) => Number.isFinite(value) || typeof value === "boolean" || typeof value === "string",
  );
  return Object.fromEntries(plain.map(([name, value]) => [name, value.slice?.(0, LONGEST) ?? value]));
}

const standsForRow = (item) => STANDING_FOR_ROWS.has(item.mark.marktype);
const isOfRow = (item) => item?.mark?.role === "mark" && item.datum && typeof item.datum === "object";

function render({ model, el }) {
  el.classList.add("arlib-chart");
  el.dataset.testid = model.get("name");
  el.classList.toggle("is-opening", model.get("opens"));
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
    const focused = marks().indexOf(document.activeElement);
    shown?.finalize();
    el.replaceChildren(place);
    place.className = "arlib-drawing";
    shown = next;
    marks().forEach(call);
    if (model.get("opens")) open(focused);
    el.dataset.drawn = String(asked);
  }

  const marks = () =>
    [...el.querySelectorAll(".arlib-drawing:not(.is-next) svg *")].filter(
      ({ __data__: item }) => isOfRow(item) && standsForRow(item) && item.opacity !== 0,
    );

  const read = (datum) => told(datum, daysOf(model.get("spec")));
  const click = (datum) => model.send({ kind: "click", datum: read(datum) });

  // A mark is called what its tooltip says, in words of the page; Vega's own name for it is made of columns.
  function call(mark) {
    const { tooltip, datum } = mark.__data__;
    const parts = tooltip && typeof tooltip === "object" ? tooltip : read(datum);
    mark.setAttribute("aria-label", Object.entries(parts).map(([name, value]) => `${name}: ${value}`).join("; "));
  }

  // Its marks answer to the pointer, and to the keyboard: one stop for all of them, the arrows go from one to the next.
  function open(focused) {
    shown.view.addEventListener("click", (_, item) => {
      if (isOfRow(item) && (standsForRow(item) || item.mark.marktype === "text")) click(item.datum);
    });
    const all = marks();
    for (const mark of all) {
      mark.classList.add("arlib-mark");
      mark.setAttribute("role", "button");
      mark.setAttribute("tabindex", "-1");
    }
    all[Math.max(0, focused)]?.setAttribute("tabindex", "0");
    if (focused >= 0) all[Math.min(focused, all.length - 1)]?.focus({ preventScroll: true });
  }

  function key(event) {
    const all = marks();
    const at = all.indexOf(event.target);
    if (at < 0 || !model.get("opens")) return;
    if (event.key === "Enter" || event.key === " ") click(event.target.__data__.datum);
    else if (event.key in STEPS) step(all, at, Math.min(all.length - 1, Math.max(0, at + STEPS[event.key])));
    else return;
    event.preventDefault();
  }

  function step(all, from, to) {
    all[from].setAttribute("tabindex", "-1");
    all[to].setAttribute("tabindex", "0");
    all[to].focus();
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
  // A chart that is wide on the screen is drawn narrower for paper, so that its letters are not made tiny.
  const resize = (pixels) => shown?.view.signal("width", pixels).run();
  const onPaper = () => resize(Math.min(el.clientWidth, PAPER));
  const onScreen = () => resize(el.clientWidth);

  model.on("change:spec", draw);
  el.addEventListener("keydown", key);
  addEventListener("beforeprint", onPaper);
  addEventListener("afterprint", onScreen);

  return () => {
    gone = true;
    watcher.disconnect();
    model.off("change:spec", draw);
    el.removeEventListener("keydown", key);
    removeEventListener("beforeprint", onPaper);
    removeEventListener("afterprint", onScreen);
    shown?.finalize();
  };
}

export default { render };
