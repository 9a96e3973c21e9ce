// Comforts of the supplier's pages; every one of them works without.
"use strict";

// ---------- files: sent as soon as they are there, one by one, so that each has its own page and its own answer ----------

const toList = (list) => {
  if (list.pathname !== location.pathname) return location.assign(list);
  history.replaceState(null, "", list);  // a mere hash would not ask the page anew
  return location.reload();
};

for (const form of document.querySelectorAll("[data-send]")) {
  const [said, zone] = [form.querySelector(".sending"), form.querySelector(".drop")];
  const inputs = [...form.querySelectorAll("input[type=file]")];
  const send = async () => {
    const files = inputs.flatMap((input) => [...input.files]);
    if (!files.length || form.classList.contains("sent")) return;
    form.classList.add("sent");
    if (files.length === 1) {
      said.textContent = form.dataset.busy;
      form.submit();
      return;
    }
    const failed = [];
    for (const [place, file] of files.entries()) {
      said.textContent = `${form.dataset.busy} ${place + 1} / ${files.length}`;
      const body = new FormData();
      for (const hidden of form.querySelectorAll("input[type=hidden]")) body.append(hidden.name, hidden.value);
      body.append("file", file);
      const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
      if (!answer?.ok) failed.push(file.name);
    }
    for (const input of inputs) input.value = "";
    form.classList.remove("sent");
    if (failed.length) said.textContent = form.dataset.failed + failed.join(", ");
    else toList(new URL(form.dataset.list, location.href));
  };
  for (const input of inputs) input.addEventListener("change", send);
  zone.addEventListener("drop", () => setTimeout(send));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    if (event.defaultPrevented || !event.dataTransfer.files.length) return;
    event.preventDefault();  // beside the zone: a browser would leave the page and show the file
    inputs[0].files = event.dataTransfer.files;
    send();
  });
}

// ---------- the picture follows the field ----------

const pages = document.querySelector(".words-form") && document.querySelector(".pages");
const fields = pages ? [...document.querySelectorAll(".read[data-at]")] : [];

const show = (field) => {
  for (const rect of pages.querySelectorAll("rect")) rect.classList.toggle("here", rect.dataset.of === field.dataset.field);
  const here = pages.querySelector("rect.here");
  if (!here) return;
  const [box, frame] = [here.getBoundingClientRect(), pages.getBoundingClientRect()];
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  pages.scrollTo({
    top: pages.scrollTop + box.top + box.height / 2 - (frame.top + frame.height / 2),
    behavior: calm ? "auto" : "smooth",
  });
};

if (pages) {
  document.querySelector(".words-form").addEventListener("focusin", (event) => {
    const field = event.target.closest(".read[data-at]");
    if (field) show(field);
  });
  pages.addEventListener("click", (event) => {
    const name = event.target.dataset?.of;
    if (name) document.getElementById(name)?.focus();
  });
}

// On a phone each field carries the piece of the page that it was read from.
const strip = (field) => {
  const place = field.querySelector(".strip");
  const image = pages.querySelector(`.page[data-page="${field.dataset.page}"] img`);
  if (!place || !image?.naturalWidth || !place.clientWidth) return;
  const [left, top, right, bottom] = field.dataset.at.split(",").map(Number);
  const [wide, high, shape] = [place.clientWidth, place.clientHeight, image.naturalHeight / image.naturalWidth];
  const fits = Math.min(wide / (right - left + 0.08), high / ((bottom - top) * shape * 1.8 || 1));
  const width = Math.max(wide, Math.min(fits, 4 * wide));
  const height = width * shape;
  const x = Math.min(0, Math.max(wide - width, wide / 2 - ((left + right) / 2) * width));
  const y = Math.min(0, Math.max(high - height, high / 2 - ((top + bottom) / 2) * height));
  place.style.backgroundImage = `url("${image.currentSrc}")`;
  place.style.backgroundSize = `${width}px ${height}px`;
  place.style.backgroundPosition = `${x}px ${y}px`;
  const mark = place.firstChild ?? place.appendChild(document.createElement("i"));
  mark.style.left = `${left * width + x}px`;
  mark.style.top = `${top * height + y}px`;
  mark.style.width = `${(right - left) * width}px`;
  mark.style.height = `${(bottom - top) * height}px`;
};

if (fields.length) {
  document.querySelector(".reading").classList.add("has-strips");
  const all = () => fields.forEach(strip);
  for (const image of pages.querySelectorAll("img")) image.addEventListener("load", all);
  addEventListener("resize", all);
  all();
}

// ---------- another kind of paper asks other words ----------

const kind = document.querySelector("select[data-usual]");
if (kind) {
  const usual = JSON.parse(kind.dataset.usual);
  const [first, others] = [document.querySelector(".usual"), document.querySelector(".unusual > div")];
  const order = [...first.children, ...others.children].map((field) => field.dataset.field);
  const ranked = Object.values(usual).sort((one, two) => two.length - one.length)[0];
  const rank = (field) => (ranked.includes(field) ? ranked.indexOf(field) : ranked.length + order.indexOf(field));
  kind.addEventListener("change", () => {
    const asked = usual[kind.value] ?? order;
    const every = [...first.children, ...others.children].sort((one, two) => rank(one.dataset.field) - rank(two.dataset.field));
    for (const field of every) {
      const filled = [...field.querySelectorAll("input:not([type=checkbox]), textarea")].some((input) => input.value);
      (asked.includes(field.dataset.field) || filled ? first : others).append(field);
    }
    others.parentElement.hidden = !others.children.length;
  });
}

// "No last day" and a last day exclude each other.
const [endless, until] = [document.getElementById("no_end"), document.getElementById("valid_until")];
if (endless && until) {
  endless.addEventListener("change", () => { if (endless.checked) until.value = ""; });
  until.addEventListener("input", () => { if (until.value) endless.checked = false; });
}
