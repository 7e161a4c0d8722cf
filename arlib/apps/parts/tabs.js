// A button a part of the page; the kernel says which one is shown, and the button of that one is marked.
function render({ model, el }) {
  const line = document.createElement("nav");
  line.className = "arlib-parts";
  el.append(line);

  function draw() {
    line.setAttribute("aria-label", model.get("label"));
    const focused = line.contains(document.activeElement) ? document.activeElement.dataset.part : null;
    const buttons = model.get("parts").map(([name, label]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      button.dataset.part = name;
      button.dataset.testid = `part-${name}`;
      button.addEventListener("click", () => model.send({ part: name }));
      return button;
    });
    line.replaceChildren(...buttons);
    mark();
    if (focused) line.querySelector(`[data-part="${focused}"]`)?.focus();
  }

  function mark() {
    for (const button of line.children) {
      if (button.dataset.part === model.get("here")) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  }

  model.on("change:parts change:label", draw);
  model.on("change:here", mark);
  draw();

  return () => {
    model.off("change:parts change:label", draw);
    model.off("change:here", mark);
  };
}

export default { render };
