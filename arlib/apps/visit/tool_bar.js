// Undo, copy the link, print, light or dark, language. Light or dark is remembered by the browser, for this address.
const THEMES = ["auto", "light", "dark"];
const KEPT = "arlib-theme";

function kept() {
  try {
    const theme = localStorage.getItem(KEPT);
    return THEMES.includes(theme) ? theme : "auto";
  } catch {
    return "auto"; // a browser that keeps nothing
  }
}

// Drawn, not written: few fonts have these signs.
const ICONS = {
  undo: "M4 7h9a5 5 0 0 1 0 10H8M4 7l4-4M4 7l4 4",
  share: "M8 8h9v9H8zM5 14H3V3h11v2",
  print: "M6 8V3h8v5M6 15H3V8h14v7h-3M6 12h8v5H6z",
  theme: "M10 3a7 7 0 1 0 0 14zM10 3a7 7 0 0 1 0 14",
};

function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("viewBox", "0 0 20 20");
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  drawing.append(path);
  return drawing;
}

function render({ model, el }) {
  el.classList.add("arlib-tools");
  const buttons = {};

  function button(name, onClick) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "arlib-tool";
    made.dataset.testid = `tool-${name}`;
    const label = document.createElement("span");
    label.className = "arlib-tool-label";
    made.append(icon(name), label);
    made.addEventListener("click", onClick);
    buttons[name] = { made, label };
    el.append(made);
  }

  button("undo", () => model.send({ kind: "undo" }));
  button("share", share);
  button("print", () => window.print());
  button("theme", turnTheme);
  const said = document.createElement("span");
  said.className = "arlib-tool-said";
  said.setAttribute("role", "status");
  el.append(said);
  const languages = document.createElement("div");
  languages.className = "arlib-language";
  languages.setAttribute("role", "group");
  el.append(languages);

  async function share() {
    try {
      await navigator.clipboard.writeText(location.href);
    } catch {
      const field = document.createElement("textarea"); // without a secure address there is no clipboard to write to
      field.value = location.href;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    said.textContent = model.get("words").shared;
    setTimeout(() => (said.textContent = ""), 4000);
  }

  function turnTheme() {
    const next = THEMES[(THEMES.indexOf(kept()) + 1) % THEMES.length];
    try {
      localStorage.setItem(KEPT, next);
    } catch {
      return;
    }
    wear();
    speak();
  }

  function wear() {
    const page = el.closest(".arlib-page");
    for (const place of [page, document.body.dataset.voila ? document.documentElement : null]) {
      if (!place) continue;
      if (kept() === "auto") delete place.dataset.theme;
      else place.dataset.theme = kept();
    }
  }

  function speak() {
    const words = model.get("words");
    for (const [name, { made, label }] of Object.entries(buttons)) {
      const said = name === "theme" ? `${words.theme} ${words[kept()]}` : words[name];
      label.textContent = said ?? "";
      made.title = said ?? "";
    }
    buttons.undo.made.disabled = !model.get("undoable");
    languages.setAttribute("aria-label", words.language ?? "");
    languages.replaceChildren(
      ...model.get("languages").map((language) => {
        const one = document.createElement("button");
        one.type = "button";
        one.textContent = language.toUpperCase();
        one.lang = language;
        one.setAttribute("aria-pressed", String(language === model.get("language")));
        one.addEventListener("click", () => model.send({ kind: "language", language }));
        return one;
      }),
    );
  }

  model.on("change:words change:language change:undoable", speak);
  speak();
  requestAnimationFrame(wear);
  return () => model.off("change:words change:language change:undoable", speak);
}

export default { render };
