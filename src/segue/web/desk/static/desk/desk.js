// Keys for the desk. Every key presses something that is on the page anyway; without this file all of it works.
const off = "desk.keys.off";
const $ = (selector, within = document) => within.querySelector(selector);
const typing = (el) => el.closest("input, textarea, select, [contenteditable]");
let goes = 0;

const rows = () =>
  [...document.querySelectorAll("[data-rows] > *")]
    .map((row) => row.querySelector(".row-link, a.row") ?? (row.matches("a.row") ? row : null))
    .filter(Boolean);

function step(by) {
  const links = rows();
  const row = document.activeElement.closest("[data-rows] > *");
  const at = links.findIndex((link) => row?.contains(link));
  const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

const press = (selector, within) => {
  const found = $(selector, within);
  found?.focus();
  if (found && !found.matches("input")) found.click();
  return Boolean(found);
};
const inRow = (name) => {
  const row = document.activeElement.closest("[data-rows] > *");
  row?.querySelector(`[data-step="${name}"]:not(:disabled)`)?.click();
};
const shortcuts = () => $("#shortcuts")?.showModal();

const keys = {
  j: () => step(1),
  k: () => step(-1),
  "/": () => press("[data-search]"),
  n: () => press("[data-new]") || press("[data-new-field]"),
  e: () => press("[data-edit]"),
  u: () => $("[data-undo] button")?.click(),
  "[": () => inRow("back"),
  "]": () => inRow("forward"),
  m: () => inRow("same"),
  x: () => inRow("different"),
  l: () => inRow("later"),
  g: () => { goes = Date.now(); },
  "?": shortcuts,
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && typing(event.target)) event.target.blur();
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown") && event.target.closest("[data-item]")) {
    event.preventDefault();
    inRow(event.key === "ArrowUp" ? "back" : "forward");
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $("dialog[open]")) return;
  if (localStorage.getItem(off)) return;
  if (Date.now() - goes < 1500) {
    goes = 0;
    const place = $(`[data-go="${CSS.escape(event.key)}"]`);
    if (place) { event.preventDefault(); place.click(); return; }
  }
  const deed = keys[event.key];
  if (deed) { event.preventDefault(); deed(); }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-shortcuts]")) shortcuts();
  const copier = event.target.closest("[data-copy]");
  if (copier) copy(copier);
});

// The button says that it is done, and so does a reader's voice: its words are what changed.
async function copy(button) {
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
  const words = button.innerHTML;
  button.setAttribute("aria-live", "polite");
  button.textContent = button.dataset.copied;
  setTimeout(() => { button.innerHTML = words; }, 2000);
}

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-keys-on]")) return;
  if (event.target.checked) localStorage.removeItem(off);
  else localStorage.setItem(off, "1");
});

// A refusal is a page too: show it where the answer would have been.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status >= 400 && xhr.getResponseHeader("Content-Type")?.startsWith("text/html")) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

// After a whole page was swapped in, reading starts at its top, unless the pressed control is still there.
document.addEventListener("htmx:afterSettle", (event) => {
  enliven();
  if (event.detail.elt?.id !== "main") return;
  const asked = $("#main [autofocus]");
  if (asked) asked.focus();
  else if (document.activeElement === document.body) $("#main").focus({ preventScroll: true });
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.closest("nav, .row-link, a")) window.scrollTo({ top: 0, behavior: "instant" });
});

// Bars show where one is; suggested wordings become buttons that put the words into the reason.
function enliven() {
  for (const here of document.querySelectorAll(".tabbar [aria-current], .tabs [aria-current]")) {
    const [it, bar] = [here, here.closest(".tabbar, .tabs")].map((one) => one.getBoundingClientRect());
    here.closest(".tabbar, .tabs").scrollBy({ left: (it.left + it.right - bar.left - bar.right) / 2, behavior: "instant" });
  }
  for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = !navigator.clipboard;
  for (const start of document.querySelectorAll("[data-start]:not([data-live])")) {
    start.dataset.live = "";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn-link";
    button.textContent = start.textContent;
    button.addEventListener("click", () => {
      const reason = $("#reason");
      reason.value = start.textContent;
      reason.focus();
      const gap = reason.value.indexOf("…");
      if (gap >= 0) reason.setSelectionRange(gap, gap + 1);
    });
    start.replaceChildren(button);
  }
}

const box = $("[data-keys-on]");
if (box) box.checked = !localStorage.getItem(off);
for (const button of document.querySelectorAll("[data-shortcuts]")) button.hidden = false;
enliven();
