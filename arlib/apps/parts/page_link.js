// What the page as a whole needs from the browser: its language, its address, a sign that work goes on, its theme.
const LATE = 60; // ms after which an answer that has not come is late: the sign is seen within 100
const REST = 1000; // ms without a doing after which the next one is another: a slider that moves on is not
const DOINGS = ["click", "change", "input", "keydown"];

function render({ model, el }) {
  const inVoila = Boolean(document.body.dataset.voila); // elsewhere the address is not ours
  const sign = document.createElement("div");
  sign.className = "arlib-busy";
  sign.setAttribute("role", "status");
  const text = document.createElement("span");
  const bar = document.createElement("progress");
  bar.max = 1;
  sign.append(text, bar);
  el.append(sign);

  const page = () => el.closest(".arlib-page");

  function speak() {
    page()?.setAttribute("lang", model.get("language"));
    if (!inVoila) return;
    document.documentElement.lang = model.get("language");
    if (model.get("title")) document.title = model.get("title");
  }

  // ---- the sign that it works: what the kernel says it does, or, while it has not even said that, that it will

  let turn = 0; // of what the visitor does
  let answered = 0;
  let late = false;
  let resting = 0;

  function work() {
    const busy = model.get("busy") || (late ? model.get("working_text") : "");
    text.textContent = busy;
    bar.setAttribute("aria-label", busy);
    const share = model.get("progress");
    bar.hidden = share < 0;
    if (share >= 0) bar.value = share;
    sign.classList.toggle("is-on", busy !== "");
    page()?.setAttribute("aria-busy", String(busy !== ""));
  }

  function did(event) {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    turn += 1;
    const mine = turn;
    clearTimeout(resting);
    resting = setTimeout(() => model.send({ kind: "rest" }), REST);
    // Once what the visitor did has been sent, an echo is asked for behind it.
    setTimeout(() => model.send({ kind: "ping", turn: mine }), 0);
    setTimeout(() => {
      if (answered < mine) {
        late = true;
        work();
      }
    }, LATE);
  }

  // ---- the address: written by the kernel, or by the visitor, who may also go back and forward

  let steps = model.get("steps");

  function write() {
    if (!inVoila) return;
    const address = `#${model.get("address")}`;
    if (address === location.hash) return;
    if (model.get("steps") > steps) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    steps = model.get("steps");
  }

  const turned = () => model.send({ kind: "turned", address: location.hash, written: true });

  function follow(event) {
    const link = event.target.closest?.('a[href^="#/"]');
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    model.send({ kind: "turned", address: link.getAttribute("href"), written: false });
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
    if (message.kind === "pong") {
      answered = Math.max(answered, message.turn);
      if (answered >= turn) late = false;
      work();
    }
    if (message.kind === "written") write();
    if (message.kind !== "drawn") return;
    clearTimeout(waiting);
    waiting = setTimeout(() => onceDrawn(() => model.send({ kind: "drawn" })), message.quiet);
  }

  const changes = {
    "change:language": speak,
    "change:title": speak,
    "change:busy": work,
    "change:progress": work,
    "change:settled": settle,
    "change:address": write,
    "msg:custom": answer,
  };
  for (const [name, react] of Object.entries(changes)) model.on(name, react);
  if (inVoila) addEventListener("popstate", turned);

  let listened = null;
  onceDrawn(() => {
    listened = page();
    for (const name of DOINGS) listened?.addEventListener(name, did, true);
    listened?.addEventListener("click", follow);
    speak();
    work();
    settle();
    model.send({ kind: "shown", address: inVoila ? location.hash : "" });
  });

  return () => {
    for (const [name, react] of Object.entries(changes)) model.off(name, react);
    removeEventListener("popstate", turned);
    for (const name of DOINGS) listened?.removeEventListener(name, did, true);
    listened?.removeEventListener("click", follow);
    clearTimeout(waiting);
    clearTimeout(resting);
  };
}

export default { render };
