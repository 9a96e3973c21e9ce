// Comforts of the staff's and suppliers' pages; every page works without them.
"use strict";

// A polled part that was answered by the sign-in page: the session has ended, so show that page whole.
document.addEventListener("htmx:before:swap", (event) => {
  const answer = event.detail?.ctx?.response?.raw;
  if (answer && (answer.redirected || !answer.ok)) {
    event.preventDefault();
    if (answer.redirected) location.reload();
  }
});

// A family of lots is wider than a phone: begin at the lot itself.
for (const graph of document.querySelectorAll("[data-centre]")) {
  const here = graph.querySelector(graph.dataset.centre);
  if (!here) continue;
  const [box, frame] = [here.getBoundingClientRect(), graph.getBoundingClientRect()];
  graph.scrollLeft += box.left + box.width / 2 - (frame.left + frame.width / 2);
}

// A document may be dropped anywhere in its zone.
for (const zone of document.querySelectorAll("[data-drop]")) {
  const input = document.querySelector(zone.dataset.drop);
  const over = (on) => (event) => { event.preventDefault(); zone.classList.toggle("over", on); };
  zone.addEventListener("dragover", over(true));
  zone.addEventListener("dragleave", over(false));
  zone.addEventListener("drop", (event) => {
    over(false)(event);
    if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
  });
}

// A button that sets a field: the page asks anew by itself, as if it had been typed.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-set]");
  const field = button && document.querySelector(button.dataset.set);
  if (!field) return;
  event.preventDefault();
  field.value = button.value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
});

// Where a page asks by itself, the button that asks is not needed.
for (const button of document.querySelectorAll(".without-script")) button.hidden = true;

// A drill's clock runs on by itself; the server has the times that count.
for (const clock of document.querySelectorAll("[data-clock]")) {
  const began = Date.parse(clock.dataset.clock);
  const tick = () => {
    const seconds = Math.max(0, Math.floor((Date.now() - began) / 1000));
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  };
  tick();
  setInterval(tick, 1000);
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
