// What the page as a whole needs from the browser: its language, a sign that work is going on, and when it is shown.
function render({ model, el }) {
  const sign = document.createElement("div");
  sign.className = "arlib-busy";
  sign.setAttribute("role", "status");
  el.append(sign);

  const page = () => el.closest(".arlib-page");

  function speak() {
    page()?.setAttribute("lang", model.get("language"));
    if (document.body.dataset.voila) document.documentElement.lang = model.get("language");
  }

  function work() {
    const busy = model.get("busy");
    sign.textContent = busy;
    sign.classList.toggle("is-on", busy !== "");
    page()?.setAttribute("aria-busy", String(busy !== ""));
  }

  // Two frames later what has come is on the screen, and this element is in the page.
  const onceDrawn = (then) => requestAnimationFrame(() => requestAnimationFrame(then));

  function settle() {
    const place = page();
    if (place) place.dataset.settled = String(model.get("settled"));
  }

  // Asked again before it could answer, it answers once: while a slider moves, what comes later waits.
  let waiting = 0;
  function answer(message) {
    if (message.kind !== "drawn") return;
    clearTimeout(waiting);
    waiting = setTimeout(() => onceDrawn(() => model.send({ kind: "drawn" })), message.quiet);
  }

  model.on("change:language", speak);
  model.on("change:busy", work);
  model.on("change:settled", settle);
  model.on("msg:custom", answer);
  onceDrawn(() => {
    speak();
    work();
    settle();
    model.send({ kind: "shown" });
  });
  return () => {
    model.off("change:language", speak);
    model.off("change:busy", work);
    model.off("change:settled", settle);
    clearTimeout(waiting);
    model.off("msg:custom", answer);
  };
}

export default { render };
