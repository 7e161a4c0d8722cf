// Keeps a visitor of the keyboard in place: to the card when it opens, back to the row it was opened from.
function render({ model, el }) {
  el.classList.add("arlib-unseen");
  let left = 0; // how far down the list was
  let before = model.get("opened");

  const page = () => el.closest(".arlib-list-and-one");
  const shownSoon = (work) => requestAnimationFrame(() => requestAnimationFrame(work)); // once the boxes have changed

  function moved() {
    const opened = model.get("opened");
    const closed = before;
    before = opened;
    if (opened) {
      if (!closed) left = scrollY;
      shownSoon(() => {
        page()?.querySelector(".arlib-card-back")?.focus({ preventScroll: true });
        if (page()?.getBoundingClientRect().top < 0) page().scrollIntoView({ block: "start" });
      });
      return;
    }
    shownSoon(() => {
      const rows = [...(page()?.querySelectorAll(".arlib-listed .arlib-open") ?? [])];
      scrollTo(0, left);
      rows.find((row) => row.dataset.at === `open ${closed}`)?.focus({ preventScroll: true });
    });
  }

  model.on("change:opened", moved);
  return () => model.off("change:opened", moved);
}

export default { render };
