// Draws fifty rows of texts that the kernel has searched, sorted and written; every text of a file stays a text.
const PAUSE = 200; // ms after the last letter before it is searched
const SHORT = 16; // letters of a name that needs no room of its own

function made(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

// Isolated, so that a name written from right to left does not turn what stands beside it.
function isolated(text) {
  const element = made("bdi", {});
  element.textContent = text;
  return element;
}

function render({ model, el }) {
  el.classList.add("arlib-data");
  el.dataset.testid = model.get("name");
  const search = made("input", { type: "search", maxlength: 100, autocomplete: "off", "data-testid": "search" });
  const filters = made("div", { class: "arlib-data-filters" });
  const tools = made("div", { class: "arlib-data-tools" }, made("label", { class: "arlib-data-search" }), filters);
  const searchName = made("span");
  tools.firstChild.append(searchName, search);
  const table = made("table", { class: "arlib-table" });
  const scroll = made("div", { class: "arlib-data-scroll", tabindex: "0", role: "group" }, table);
  const empty = made("p", { class: "arlib-empty" });
  const clear = made("button", { type: "button", class: "arlib-button", "data-testid": "clear" });
  const nothing = made("div", { class: "arlib-data-nothing" }, empty, clear);
  const pager = made("nav", { class: "arlib-data-pager" });
  const count = made("span", { role: "status", "data-testid": "pager" });
  el.append(tools, scroll, nothing, pager);

  let timer = 0;
  let sent = ""; // the last text searched: an answer to an older one does not overwrite what is typed since

  const send = (message) => model.send(message);

  const button = (attributes, text, click) => {
    const element = made("button", { type: "button", ...attributes });
    element.textContent = text;
    element.addEventListener("click", click);
    return element;
  };

  // What had the focus has it again after its row, heading or button was drawn anew.
  function keepingFocus(draw) {
    const focused = el.contains(document.activeElement) ? document.activeElement.dataset.at : undefined;
    draw();
    if (focused === undefined || el.contains(document.activeElement)) return;
    const again = [...el.querySelectorAll("[data-at]")].find((each) => each.dataset.at === focused);
    (again && !again.disabled ? again : scroll).focus({ preventScroll: true });
  }

  function head(shown) {
    const cells = shown.columns.map((column) => {
      const sort = button({ "data-at": `sort ${column.name}` }, column.heading, () =>
        send({ kind: "sort", column: column.name }),
      );
      const look = looks(column);
      return made("th", { scope: "col", class: look, "aria-sort": column.sort, "data-column": column.name }, sort);
    });
    if (shown.actions.length) cells.push(made("th", { scope: "col" }, hidden(shown.words.actions)));
    return made("thead", {}, made("tr", {}, ...cells));
  }

  const looks = (column, more = "") =>
    [column.figure && "figure", column.secondary && "is-secondary", more].filter(Boolean).join(" ") || null;

  function hidden(text) {
    const element = made("span", { class: "arlib-unseen" });
    element.textContent = text;
    return element;
  }

  function line(shown, row) {
    const cells = row.cells.map(([text, look], place) => {
      const column = shown.columns[place];
      if (place) return made("td", { class: looks(column, look) }, ...content(column, text));
      const first = shown.opens ? button({ class: "arlib-open", "data-at": `open ${row.key}` }, "", () => {}) : null;
      first?.append(...content(column, text));
      const kind = looks(column, text.length > SHORT ? `${look} is-long` : look);
      return made("th", { scope: "row", class: kind }, ...(first ? [first] : content(column, text)));
    });
    if (shown.actions.length) cells.push(actions(shown, row));
    const element = made("tr", { "data-key": row.key, "aria-current": row.opened && "true" }, ...cells);
    if (shown.opens) opening([element], row.key);
    if (row.note === null) return [element];
    const note = made("td", { colspan: cells.length }, made("div", {}, isolated(row.note)));
    const under = made("tr", { class: "is-note" }, note);
    if (shown.opens) opening([under], row.key);
    return [element, under];
  }

  // Long texts are cut to three lines by the stylesheet; the whole of them shows under the pointer.
  const content = (column, text) => {
    if (column.figure) return [text];
    const element = isolated(text);
    if (text.length > 60) element.title = text;
    return [element];
  };

  function opening(rows, key) {
    for (const row of rows) {
      row.classList.add("is-opening");
      row.addEventListener("click", (event) => {
        if (event.target.closest(".arlib-data-actions") || String(getSelection())) return;
        send({ kind: "open", key });
      });
    }
  }

  function actions(shown, row) {
    const labels = shown.actions.filter(([name]) => row.actions.includes(name));
    const buttons = labels.map(([name, label]) => {
      const at = `act ${name} ${row.key}`;
      const named = `${label} ${row.cells[0][0]}`;
      return button({ class: "arlib-button", "data-at": at, "data-testid": name, "aria-label": named }, label, () =>
        send({ kind: "act", key: row.key, action: name }),
      );
    });
    return made("td", { class: "arlib-data-actions" }, ...buttons);
  }

  function foot(shown) {
    const cells = shown.totals.map((text, place) => {
      const column = shown.columns[place];
      return made(place ? "td" : "th", { scope: place ? null : "row", class: looks(column) }, text);
    });
    if (shown.actions.length) cells.push(made("td"));
    return made("tfoot", {}, made("tr", {}, ...cells));
  }

  function drawTable(shown) {
    const caption = made("caption", {}, made("span"));
    caption.firstChild.textContent = shown.caption;
    const body = made("tbody", {}, ...shown.rows.flatMap((row) => line(shown, row)));
    table.replaceChildren(caption, head(shown), body, ...(shown.totals ? [foot(shown)] : []));
    scroll.setAttribute("aria-label", shown.caption);
    scroll.hidden = shown.rows.length === 0;
    nothing.hidden = shown.rows.length > 0;
    empty.textContent = shown.empty || shown.words.none;
    clear.textContent = shown.words.clear;
    clear.hidden = shown.empty !== "";
  }

  function drawTools(shown) {
    tools.hidden = !shown.searched;
    searchName.textContent = shown.words.search;
    if (document.activeElement !== search || shown.search === sent.trim()) {
      if (search.value.trim() !== shown.search && !timer) search.value = shown.search;
    }
    filters.replaceChildren(...shown.filters.map((filter) => drawFilter(shown, filter)));
  }

  function drawFilter(shown, filter) {
    const select = made("select", { "data-at": `filter ${filter.column}`, "data-testid": `filter-${filter.column}` });
    for (const [value, name] of [["", shown.words.all], ...filter.choices]) {
      const option = made("option", { value });
      option.textContent = name;
      select.append(option);
    }
    select.value = filter.chosen;
    select.addEventListener("change", () => send({ kind: "filter", column: filter.column, value: select.value }));
    const label = made("span");
    label.textContent = filter.label;
    return made("label", {}, label, select);
  }

  function drawPager(shown) {
    const { page, last_page: last, words } = shown;
    const turn = (name, sign, to, off) =>
      button({ "aria-label": words[name], title: words[name], "data-at": name, "data-testid": name, disabled: off }, sign, () =>
        send({ kind: "page", page: to }),
      );
    const back = [turn("first", "«", 0, page === 0), turn("previous", "‹", page - 1, page === 0)];
    const on = [turn("next", "›", page + 1, page === last), turn("last", "»", last, page === last)];
    pager.setAttribute("aria-label", words.pages);
    pager.hidden = shown.rows.length === 0;
    if (count.textContent !== shown.pager) count.textContent = shown.pager;
    pager.replaceChildren(...(last ? [...back, count, ...on] : [count]));
  }

  let drawnPage = "";
  function draw() {
    const shown = model.get("shown");
    if (!shown.columns) return;
    keepingFocus(() => {
      drawTools(shown);
      drawTable(shown);
      drawPager(shown);
    });
    const page = JSON.stringify([shown.page, shown.search, shown.columns.map((column) => column.sort)]);
    if (page !== drawnPage) scroll.scrollTop = 0; // other rows are read from their first one
    drawnPage = page;
  }

  function typed() {
    clearTimeout(timer);
    timer = setTimeout(searched, PAUSE);
  }

  function searched() {
    clearTimeout(timer);
    timer = 0;
    if (search.value === sent && search.value.trim() === model.get("shown").search) return;
    sent = search.value;
    send({ kind: "search", text: sent });
  }

  search.addEventListener("input", typed);
  search.addEventListener("change", searched);
  clear.addEventListener("click", () => send({ kind: "clear" }));
  model.on("change:shown", draw);
  draw();
  return () => {
    clearTimeout(timer);
    model.off("change:shown", draw);
  };
}

export default { render };
