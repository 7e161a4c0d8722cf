// Names for screen readers: ipywidgets writes a slider's description beside it, but does not tie the two together.
(function () {
  "use strict";

  const PARTS = ".noUi-handle, .widget-readout, input, select, textarea";

  function name(widget) {
    const label = widget.querySelector(":scope > .widget-label");
    const text = label && label.textContent.trim();
    if (!text) return;
    for (const part of widget.querySelectorAll(PARTS)) {
      if (part.getAttribute("aria-label") !== text) part.setAttribute("aria-label", text);
    }
  }

  function nameAll() {
    document.querySelectorAll(".jupyter-widgets.widget-inline-hbox, .jupyter-widgets.widget-inline-vbox").forEach(name);
  }

  let waiting = false;
  new MutationObserver(function () {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(function () {
      waiting = false;
      nameAll();
    });
  }).observe(document.getElementById("rendered_cells"), { childList: true, subtree: true, characterData: true });
})();

// Voilà shows nothing when a page's kernel dies, the server stops or the network is cut: the figures stay, and no
// control answers. A cut line mends by itself, and the sentence goes; a kernel that is gone takes the ledger with it.
(function () {
  "use strict";

  const OFTEN = 3000; // ms
  const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  const words = JSON.parse(document.getElementById("arlib-words").textContent);
  const kernel = config.baseUrl + "api/kernels/" + config.kernelId;
  const place = document.getElementById("arlib-lost");
  let told = "";
  let connected = false; // whether the page has ever spoken to its kernel

  async function state() {
    try {
      const answer = await fetch(kernel, { cache: "no-store", signal: AbortSignal.timeout(OFTEN) });
      if (!answer.ok) return answer.status < 500 ? "lost" : "cut";
      const { connections } = await answer.json();
      connected ||= connections > 0;
      return connected && connections === 0 ? "cut" : "";
    } catch {
      return "cut";
    }
  }

  function tell(what) {
    if (what === told) return;
    told = what;
    place.hidden = what === "";
    place.replaceChildren();
    if (what === "") return;
    const said = words[document.documentElement.lang] ?? words.en;
    const again = document.createElement("a");
    again.href = "";
    again.textContent = said.again;
    again.onclick = (event) => {
      event.preventDefault();
      location.reload(); // and not to the address, which would lose what stands after #
    };
    place.append(said[what] + " ", again);
  }

  async function watch() {
    if (!document.hidden) tell(await state());
    if (told !== "lost") next = setTimeout(watch, OFTEN);
  }

  let next = setTimeout(watch, OFTEN);
  window.addEventListener("offline", () => tell("cut"));
  window.addEventListener("pagehide", () => clearTimeout(next));
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload(); // taken out of the browser's memory, its kernel ended with it
  });
})();
