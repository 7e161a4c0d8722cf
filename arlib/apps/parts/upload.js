// Sends one file to the kernel in slices it acknowledges one by one: no server setting, no limit of the websocket.
const SLICE = 2 * 1024 * 1024;
const PATIENCE = 60_000; // ms without an answer before the connection is given up

function render({ model, el }) {
  el.classList.add("arlib-upload");
  const area = document.createElement("label");
  const title = document.createElement("strong");
  const hint = document.createElement("span");
  const input = document.createElement("input");
  const progress = document.createElement("progress");
  const status = document.createElement("span");
  input.type = "file";
  input.dataset.testid = model.get("name");
  progress.max = 1;
  progress.hidden = true;
  status.setAttribute("role", "status");
  area.append(input, title, hint);
  el.append(area, progress, status);

  let sending = 0; // number of the file being sent; a new one ends the one before
  let answer = null;

  const say = (key, values = {}) =>
    model.get("words")[key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const told = (text) => (status.textContent = text);

  function label() {
    title.textContent = say("choose");
    hint.textContent = say("hint");
    progress.setAttribute("aria-label", say("progress"));
    told("");
  }

  function ask(content, buffers = []) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(say("lost"))), PATIENCE);
      answer = (reply) => {
        clearTimeout(timer);
        reply.kind === "refused" ? reject(new Error(reply.text)) : resolve();
      };
      model.send(content, undefined, buffers);
    });
  }

  async function send(file) {
    const turn = ++sending;
    const limit = model.get("limit");
    if (file.size > limit) return told(say("too_big", { name: file.name }));
    progress.hidden = false;
    progress.value = 0;
    told(file.name);
    try {
      await ask({ kind: "begin", turn, name: file.name, size: file.size });
      for (let at = 0; at < file.size; at += SLICE) {
        const slice = await file.slice(at, at + SLICE).arrayBuffer();
        if (turn !== sending) return;
        await ask({ kind: "slice", turn, at }, [slice]);
        progress.value = Math.min(1, (at + SLICE) / file.size);
      }
      await ask({ kind: "end", turn });
      if (turn === sending) told("");
    } catch (error) {
      if (turn === sending) told(error.message);
    } finally {
      if (turn === sending) progress.hidden = true;
    }
  }

  function chosen() {
    if (input.files.length) send(input.files[0]);
    input.value = ""; // the same file can be chosen again once it is mended
  }

  function dropped(event) {
    event.preventDefault();
    area.classList.remove("is-over");
    if (event.dataTransfer.files.length) send(event.dataTransfer.files[0]);
  }

  function over(event) {
    event.preventDefault();
    area.classList.add("is-over");
  }

  const answered = (message) => {
    if (message.turn === sending) answer?.(message);
  };

  input.addEventListener("change", chosen);
  area.addEventListener("dragover", over);
  area.addEventListener("dragleave", () => area.classList.remove("is-over"));
  area.addEventListener("drop", dropped);
  model.on("change:words", label);
  model.on("msg:custom", answered);
  label();

  return () => {
    sending += 1;
    model.off("change:words", label);
    model.off("msg:custom", answered);
  };
}

export default { render };
