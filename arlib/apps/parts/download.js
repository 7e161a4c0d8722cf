// A button that has the kernel make a file, fetches it in slices and saves it: nothing of it lies on the server.
const PATIENCE = 60_000; // ms without a slice before the connection is given up
const KEPT = 60_000; // ms that the file stays at the browser's own address, for it to be saved

function render({ model, el }) {
  el.classList.add("arlib-download");
  const button = document.createElement("button");
  const label = document.createElement("span");
  const progress = document.createElement("progress");
  const status = document.createElement("span");
  button.type = "button";
  button.className = "arlib-button";
  button.dataset.testid = model.get("name");
  progress.max = 1;
  progress.hidden = true;
  status.setAttribute("role", "status");
  button.append(label);
  el.append(button, progress, status);

  let turn = ""; // of the file on its way; empty when there is none
  let file = null;
  let timer = 0;

  function draw() {
    label.textContent = model.get("label");
    progress.setAttribute("aria-label", model.get("label"));
    // Not `disabled` while it is made: the button would lose the focus.
    button.setAttribute("aria-disabled", String(turn !== ""));
    button.setAttribute("aria-busy", String(turn !== ""));
    button.disabled = model.get("disabled") && turn === "";
    progress.hidden = turn === "";
  }

  function finish(text = "") {
    clearTimeout(timer);
    turn = "";
    file = null;
    status.textContent = text;
    draw();
  }

  function click() {
    if (turn !== "") return; // a second click asks for no second file
    turn = `${Date.now()}-${Math.random()}`;
    status.textContent = "";
    progress.removeAttribute("value");
    draw();
    model.send({ kind: "make", turn });
  }

  function more() {
    clearTimeout(timer);
    timer = setTimeout(() => finish(model.get("words").lost), PATIENCE);
    model.send({ kind: "more", turn, at: file.at });
  }

  function save() {
    const address = URL.createObjectURL(new Blob(file.parts, { type: "application/octet-stream" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = file.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), KEPT);
    model.send({ kind: "done", turn });
    finish();
  }

  function receive(message, buffers) {
    if (message.turn !== turn) return;
    if (message.kind === "failed") return finish();
    if (message.kind === "made") {
      file = { name: message.name, size: message.size, at: 0, parts: [] };
    } else if (message.kind === "slice" && message.at === file?.at) {
      file.parts.push(buffers[0]);
      file.at += buffers[0].byteLength;
    } else {
      return;
    }
    progress.value = file.size ? file.at / file.size : 1;
    file.at < file.size ? more() : save();
  }

  button.addEventListener("click", click);
  model.on("change:label", draw);
  model.on("change:disabled", draw);
  model.on("msg:custom", receive);
  draw();
  return () => {
    clearTimeout(timer);
    model.off("change:label", draw);
    model.off("change:disabled", draw);
    model.off("msg:custom", receive);
  };
}

export default { render };
