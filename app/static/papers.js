// Comforts of the desk's pages about papers: rows and decisions by one key, places on a page, zoom. Every page works without them.
"use strict";

const typing = (event) => event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable]");

// Rows: j and k move, Enter opens.
const rows = [...document.querySelectorAll("[data-rows] tbody tr")].filter((row) => row.querySelector("th a"));
let at = -1;
function move(step) {
  if (!rows.length) return;
  rows[at]?.classList.remove("at");
  at = Math.min(rows.length - 1, Math.max(0, at + step));
  rows[at].classList.add("at");
  rows[at].querySelector("th a").focus({ preventScroll: true });
  rows[at].scrollIntoView({ block: "nearest" });
}

// Decisions: a key opens its small form, the reason in focus; Escape closes it.
function decide(key) {
  const fold = document.querySelector(`details[data-key="${key}"]`);
  if (!fold) return false;
  for (const other of document.querySelectorAll("details[data-key][open]")) other.open = other === fold;
  fold.open = true;
  fold.querySelector("input:not([type=hidden])").focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const fold = event.target.closest("details[data-key][open]");
    if (fold) {
      fold.open = false;
      fold.querySelector("summary").focus();
    }
    return;
  }
  if (typing(event)) return;
  if (event.key === "j" || event.key === "k") move(event.key === "j" ? 1 : -1);
  else if (!/^[arsu]$/.test(event.key) || !decide(event.key)) return;
  event.preventDefault();
});
for (const fold of document.querySelectorAll("details.act")) {
  fold.addEventListener("toggle", () => {
    if (fold.open) fold.querySelector("input:not([type=hidden])")?.focus();
  });
}

// Places: a word shows where on the page it was read.
const pane = document.querySelector(".pane");
function show(box) {
  for (const other of document.querySelectorAll(".picture rect.on")) other.classList.remove("on");
  box.classList.add("on");
  const [place, frame] = [box.getBoundingClientRect(), pane.getBoundingClientRect()];
  pane.scrollBy({ top: place.top + place.height / 2 - frame.top - frame.height / 2, left: place.left + place.width / 2 - frame.left - frame.width / 2 });
  if (frame.bottom < 0 || frame.top > innerHeight) pane.scrollIntoView({ block: "center" });
}
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-box]");
  const box = link && document.getElementById(link.hash.slice(1));
  if (!box || !pane) return;
  event.preventDefault();
  show(box);
});

// Zoom of the pages.
const zooms = document.querySelector("[data-zooms]");
if (zooms && pane) {
  zooms.hidden = false;
  let level = 1;
  zooms.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom]");
    if (!button) return;
    pane.classList.remove(`zoom-${level}`);
    level = Math.min(4, Math.max(1, level + Number(button.dataset.zoom)));
    pane.classList.add(`zoom-${level}`);
  });
}
