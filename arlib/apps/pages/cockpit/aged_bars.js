// The aged balance, a line an age; texts only ever enter as text. A click on a line, or on its button, picks its age.
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function render({ model, el }) {
  el.classList.add("arlib-aged");

  const pick = (bucket) => model.send({ kind: "chosen", bucket: bucket === model.get("chosen") ? "" : bucket });

  function line({ bucket, label, amount, share, bar, colour }) {
    const button = element("button", { type: "button", "data-bucket": bucket }, label);
    const drawn = element("span");
    drawn.style.width = `${bar * 100}%`;
    drawn.style.background = colour;
    const row = element(
      "tr",
      {},
      element("th", { scope: "row" }, button),
      element("td", { class: "arlib-bar" }, ...(bar > 0 ? [drawn] : [])),
      element("td", { class: "figure", "data-testid": `aged-${bucket}` }, amount),
      element("td", { class: "figure" }, share),
    );
    row.addEventListener("click", () => pick(bucket));
    return row;
  }

  function mark() {
    for (const button of el.querySelectorAll("button")) {
      const chosen = button.dataset.bucket === model.get("chosen");
      button.setAttribute("aria-pressed", String(chosen));
      button.closest("tr").classList.toggle("is-chosen", chosen);
    }
  }

  // What had the focus has it again: a keyboard stays where it was when a figure changes.
  function draw() {
    const words = model.get("words");
    const held = el.contains(document.activeElement) ? document.activeElement.dataset.bucket : undefined;
    const right = { scope: "col", class: "figure" };
    const head = element(
      "tr",
      {},
      element("th", { scope: "col", colspan: "2" }, words.age ?? ""),
      element("th", right, words.amount ?? ""),
      element("th", right, words.share ?? ""),
    );
    const foot = element(
      "tr",
      {},
      element("th", { scope: "row" }, words.total ?? ""),
      element("td"),
      element("td", { class: "figure", "data-testid": "aged-total" }, model.get("total")),
      element("td"),
    );
    const table = element(
      "table",
      { class: "arlib-table arlib-buckets", "data-testid": "aged" },
      element("caption", {}, words.caption ?? ""),
      element("thead", {}, head),
      element("tbody", {}, ...model.get("lines").map(line)),
      element("tfoot", {}, foot),
    );
    el.replaceChildren(table, element("p", { class: "arlib-note" }, words.hint ?? ""));
    mark();
    if (held !== undefined) el.querySelector(`button[data-bucket="${CSS.escape(held)}"]`)?.focus();
  }

  const on = { "change:lines": draw, "change:words": draw, "change:total": draw, "change:chosen": mark };
  for (const [event, react] of Object.entries(on)) model.on(event, react);
  draw();
  return () => {
    for (const [event, react] of Object.entries(on)) model.off(event, react);
  };
}

export default { render };
