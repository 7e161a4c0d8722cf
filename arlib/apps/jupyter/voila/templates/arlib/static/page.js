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

// Voilà shows nothing when a page's kernel dies or the server stops: the figures stay, and no control answers.
(function () {
  "use strict";

  const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  const kernel = config.baseUrl + "api/kernels/" + config.kernelId;

  async function lost() {
    try {
      return (await fetch(kernel, { cache: "no-store" })).status === 404;
    } catch {
      return true;
    }
  }

  const watch = setInterval(async function () {
    if (document.hidden || !(await lost())) return;
    clearInterval(watch);
    document.getElementById("arlib-lost").hidden = false;
  }, 5000);
  window.addEventListener("pagehide", () => clearInterval(watch));
})();
