// A button that saves a small text as a file: made in the browser, so that nothing of it lies on the server.
function render({ model, el }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "arlib-button";
  button.dataset.testid = "save";
  el.append(button);

  function save() {
    const address = URL.createObjectURL(new Blob([model.get("content")], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = model.get("file");
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }

  const label = () => (button.textContent = model.get("label"));
  button.addEventListener("click", save);
  model.on("change:label", label);
  label();
  return () => model.off("change:label", label);
}

export default { render };
