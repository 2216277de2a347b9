// A job's people by keyboard and by hand: select, move, snooze, drag. It only presses what the page has anyway.
const off = "desk.keys.off";
const $ = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const typing = (el) => el.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
const row = () => document.activeElement.closest("[data-rows] > *");
const tickOf = (one) => one && $("[data-tick]", one);

function count() {
  const ticked = all("[data-tick]:checked").length;
  for (const said of all("[data-ticked]")) said.textContent = ticked ? `${ticked} ${said.dataset.words}` : "";
  const page = $("[data-tick-all]");
  if (page) page.checked = ticked > 0 && ticked === all("[data-tick]").length;
}

function aim(selector) {
  const field = $(selector);
  if (!field) return false;
  const tick = tickOf(row());
  if (tick && !$("[data-tick]:checked")) { tick.checked = true; count(); }
  field.focus();
  return true;
}

function move() {
  const menu = row() && $("[data-step=move]", row());
  if (!menu) return aim("[data-bulk-stage]");
  menu.click();
  $("select", menu.parentElement)?.focus();
  return true;
}

// Where a row is only a line, writing about somebody begins on their page.
function write(place) {
  const link = row() && tickOf(row()) && $(".row-link", row());
  if (link) { location.assign(`${link.href}#${place}`); return true; }
  return show(place);
}

function show(place) {
  const field = document.getElementById(place);
  if (!field) return false;
  const fold = field.closest("details");
  if (fold) fold.open = true;
  field.focus();
  return true;
}

function step(by) {
  const here = row();
  const next = here && (by > 0 ? here.nextElementSibling : here.previousElementSibling);
  const link = next && $(".row-link, a", next);
  link?.focus();
  return Boolean(link);
}

function across(by) {
  const here = row();
  const column = here?.closest("[data-column]");
  if (!column) return false;
  const at = [...here.parentElement.children].indexOf(here);
  let next = column;
  do next = by > 0 ? next.nextElementSibling : next.previousElementSibling;
  while (next && !$("[data-tick], .row-link", next));
  const cards = next ? all("[data-rows] > *", next).filter((one) => $(".row-link", one)) : [];
  const link = cards.length && $(".row-link", cards[Math.min(at, cards.length - 1)]);
  if (link) { link.focus(); link.scrollIntoView({ block: "nearest", inline: "nearest" }); }
  return Boolean(link);
}

const rtl = () => document.documentElement.dir === "rtl";
const deeds = {
  x: () => { const tick = tickOf(row()); tick?.click(); return Boolean(tick); },
  m: move,
  s: () => aim("[data-bulk-days]"),
  n: () => write("note-text"),
  r: () => write("reason"),
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  ArrowRight: () => across(rtl() ? -1 : 1),
  ArrowLeft: () => across(rtl() ? 1 : -1),
};

let lastG = 0;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || typing(event.target)) return;
  if ($("dialog[open]") || localStorage.getItem(off)) return;
  if (event.key === "g") lastG = Date.now();
  if (Date.now() - lastG < 1500 && event.key !== "g") { lastG = 0; return; }
  if (deeds[event.key]?.()) { event.preventDefault(); event.stopImmediatePropagation(); }
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-tick-all]")) for (const tick of all("[data-tick]")) tick.checked = event.target.checked;
  if (event.target.matches("[data-tick], [data-tick-all]")) count();
});

// A deed that needs words asks for them here: a page that came back to say so would have lost the ticks.
document.addEventListener("click", (event) => {
  const field = document.getElementById(event.target.closest?.("[data-needs]")?.dataset.needs);
  if (!field) return;
  field.required = true;
  if (!field.reportValidity()) event.preventDefault();
  field.required = false;
});

// Dragging a card to another column presses the card's own move.
let held = null;
document.addEventListener("dragstart", (event) => {
  held = event.target.closest?.("[data-card]") ?? null;
  held?.classList.add("is-held");
  if (held) event.dataTransfer.effectAllowed = "move";
});
document.addEventListener("dragend", () => {
  held?.classList.remove("is-held");
  for (const one of all(".is-target")) one.classList.remove("is-target");
  held = null;
});
document.addEventListener("dragover", (event) => {
  const column = held && event.target.closest?.("[data-column]");
  for (const one of all(".is-target")) if (one !== column) one.classList.remove("is-target");
  if (!column) return;
  event.preventDefault();
  column.classList.add("is-target");
});
document.addEventListener("drop", (event) => {
  const column = held && event.target.closest?.("[data-column]");
  const form = $("[data-drag]");
  if (!column || !form || column.contains(held)) return;
  event.preventDefault();
  form.action = held.dataset.moveUrl;
  form.elements.stage.value = column.dataset.column;
  form.requestSubmit();
});

function enliven() {
  for (const hidden of all("[data-tick-all-row][hidden]")) hidden.hidden = false;
  count();
}
document.addEventListener("htmx:afterSettle", enliven);
if (location.hash.length > 1 && ["note-text", "reason"].includes(location.hash.slice(1))) show(location.hash.slice(1));
enliven();
