// Adds keys to pages that work without them: map tiles, lists, search. Nothing here is needed to reach anything.

const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const fold = text => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
const KEYS_OFF = "ansinh-keys-off";
const stored = {
  get off() { try { return localStorage.getItem(KEYS_OFF) === "1"; } catch { return false; } },
  set off(value) { try { localStorage.setItem(KEYS_OFF, value ? "1" : "0"); } catch { /* Private windows keep nothing. */ } },
};

// The tile map is one tab stop; arrows walk to the hexagon beside, Home and End to the ends, letters to a name.
for (const map of $$("[data-map]")) {
  const tiles = $$("a.t", map);
  if (!tiles.length) continue;
  const at = tile => ({ c: Number(tile.dataset.c), r: Number(tile.dataset.r) });
  const byPlace = new Map(tiles.map(tile => [`${tile.dataset.c},${tile.dataset.r}`, tile]));
  const ring = map.querySelector(".ring");
  const readout = map.querySelector(".readout");
  const middle = tile => { const { c, r } = at(tile); return c + (r % 2 ? 0.5 : 0); };
  let typed = "";
  let typedAt = 0;

  const show = tile => {
    for (const other of tiles) other.tabIndex = other === tile ? 0 : -1;
    ring.setAttribute("points", tile.querySelector("polygon").getAttribute("points"));
    readout.hidden = false;
    readout.querySelector(".readout-name").textContent = tile.dataset.name;
    readout.querySelector(".readout-facts").replaceChildren(...tile.dataset.facts.split("|").filter(Boolean).map(fact => {
      const line = document.createElement("p");
      line.textContent = fact;
      return line;
    }));
    readout.querySelector("a").href = tile.getAttribute("href");
  };
  // Up and down take the nearer of the two neighbours; over a gap, the nearest tile in that direction.
  const step = (tile, key) => {
    const { c, r } = at(tile);
    if (key === "ArrowLeft" || key === "ArrowRight") {
      const way = key === "ArrowLeft" ? -1 : 1;
      for (let n = 1; n < 30; n += 1) {
        const next = byPlace.get(`${c + way * n},${r}`);
        if (next) return next;
      }
      return tile;
    }
    const way = key === "ArrowUp" ? -1 : 1;
    const target = middle(tile);
    for (let n = 1; n < 30; n += 1) {
      const row = tiles.filter(other => at(other).r === r + way * n);
      if (row.length) return row.reduce((best, other) => Math.abs(middle(other) - target) < Math.abs(middle(best) - target) ? other : best);
    }
    return tile;
  };
  const inOrder = [...tiles].sort((a, b) => at(a).r - at(b).r || at(a).c - at(b).c);

  for (const tile of tiles) tile.tabIndex = -1;
  (tiles.find(tile => tile.hasAttribute("aria-current")) || inOrder[0]).tabIndex = 0;
  map.addEventListener("focusin", event => {
    const tile = event.target.closest("a.t");
    if (tile) show(tile);
  });
  map.addEventListener("keydown", event => {
    const tile = event.target.closest("a.t");
    if (!tile || event.ctrlKey || event.metaKey || event.altKey) return;
    let next = null;
    if (event.key.startsWith("Arrow")) next = step(tile, event.key);
    else if (event.key === "Home") next = inOrder[0];
    else if (event.key === "End") next = inOrder.at(-1);
    else if (event.key.length === 1 && /\p{L}/u.test(event.key) && !stored.off) {
      typed = event.timeStamp - typedAt > 900 ? "" : typed;
      typedAt = event.timeStamp;
      typed += fold(event.key);
      const starts = tile => fold(tile.dataset.name).replace(/^(phuong|xa) /, "").replaceAll(" ", "").startsWith(typed);
      next = tiles.find(starts) || tile;
    }
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    next.focus();
  });
}

// Single keys act outside fields only, and can be turned off (WCAG 2.1.4).
const inField = target => target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]");
const links = () => $$("[data-list] > li > a, [data-list] > li .what, [data-list] > tr:not(.group) > th a").filter(link => link.offsetParent);
const move = way => {
  const all = links();
  const here = all.findIndex(link => link === document.activeElement || link.closest("tr, li")?.contains(document.activeElement));
  const current = here >= 0 ? here : all.findIndex(link => link.hasAttribute("aria-current"));
  const next = all[Math.min(Math.max(current + way, 0), all.length - 1)];
  next?.focus();
  // Beside an open record the keys open the next one; in a list they only walk.
  if (here < 0 && current >= 0 && next && next !== all[current]) next.click();
};
document.addEventListener("keydown", event => {
  if (stored.off || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || inField(event.target)) return;
  const keys = document.querySelector("#phim-tat");
  const act = {
    "/": () => document.querySelector("input[type=search]")?.focus(),
    j: () => move(1),
    k: () => move(-1),
    x: () => document.activeElement.closest("tr, li")?.querySelector("input[type=checkbox]")?.click(),
    "?": () => { if (keys) { keys.open = true; keys.querySelector("summary").focus(); } },
  }[event.key];
  if (act) { event.preventDefault(); act(); }
});
for (const button of $$("[data-keys-off]")) {
  const label = () => { button.textContent = stored.off ? button.dataset.keysOn : button.dataset.keysOff; };
  button.hidden = false;
  button.addEventListener("click", () => { stored.off = !stored.off; label(); });
  label();
}

// Boxes of a worklist: what is ticked is kept at once, so that pages can be turned by their links. Without script, buttons keep it.
for (const said of $$("[data-picked]")) {
  const form = said.closest("form");
  const boxes = $$(`input[type=checkbox][form="${form.id}"]`);
  const byHand = $$("[name=lam][value=luu], [name=lam][value^=sau-], [name=lam][value^=truoc-]", form);
  const ticked = () => boxes.filter(box => box.checked).length;
  for (const box of boxes) box.checked = box.defaultChecked;
  const elsewhere = Number(said.dataset.picked) - ticked();
  let kept = Promise.resolve();
  let waiting = 0;
  const keep = () => {
    const n = elsewhere + ticked();
    said.textContent = said.dataset.words.replace("{n}", n.toLocaleString(document.documentElement.lang));
    const of = form.querySelector(`[name=cho][value=${n > 0 ? "chon" : "loc"}]`);
    if (of) of.checked = true;
    const body = new URLSearchParams(new FormData(form));
    body.set("lam", "luu");
    waiting += 1;
    // One after another: the last one counts. The page it would lead to is this one.
    kept = kept.then(() => fetch(byHand[0].formAction, { method: "POST", body, redirect: "manual", keepalive: true }))
      .then(answer => { if (answer.type !== "opaqueredirect") throw new Error(answer.status); })
      .catch(() => {
        said.textContent = said.dataset.failed;
        for (const button of byHand) button.hidden = false;
      })
      .finally(() => { waiting -= 1; });
  };
  for (const button of byHand) button.hidden = true;
  for (const box of boxes) box.addEventListener("change", keep);
  form.addEventListener("submit", event => {
    if (event.submitter?.value !== "trang") return;
    event.preventDefault();
    for (const box of boxes) box.checked = true;
    keep();
  });
  document.addEventListener("click", event => {
    const link = event.target.closest("a[href]");
    if (!waiting || !link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    kept.then(() => { location.href = link.href; });
  });
}

// In presentation mode the arrows turn the screens.
if (document.documentElement.classList.contains("presentation")) {
  document.addEventListener("keydown", event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || inField(event.target)) return;
    const rel = { ArrowRight: "next", PageDown: "next", ArrowLeft: "prev", PageUp: "prev" }[event.key];
    const link = rel && document.querySelector(`a[rel=${rel}]`);
    if (link) { event.preventDefault(); link.click(); }
  });
}

// Forms: what was typed is not lost by leaving, sending shows that it goes on, errors come first.
let unsent = false;
for (const form of $$("form[data-guard]")) {
  form.addEventListener("input", () => { unsent = true; });
  form.addEventListener("submit", event => {
    unsent = false;
    const button = event.submitter;
    if (!button?.dataset.busy) return;
    // After the values have been gathered, so that the button's own value is still sent.
    setTimeout(() => {
      button.setAttribute("aria-busy", "true");
      button.textContent = button.dataset.busy;
    });
  });
}
addEventListener("beforeunload", event => { if (unsent) event.preventDefault(); });
document.querySelector("[data-focus]")?.focus();

// Closes the theme menu when the pointer or Escape leaves it.
for (const menu of $$("details.theme")) {
  document.addEventListener("click", event => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("keydown", event => { if (event.key === "Escape") { menu.open = false; menu.querySelector("summary").focus(); } });
}
