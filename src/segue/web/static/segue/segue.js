// Conveniences on top of pages that work without any of this. No libraries; htmx swaps the fragments.
const $ = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

// The reader's time zone, so that times are shown as the clock on their wall has them.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.includes(`tz=${zone}`)) document.cookie = `tz=${zone};path=/;max-age=31536000;samesite=lax`;

// Shelves: arrows scroll by a page, and arrow keys walk from card to card.
function arrows(shelf) {
  const row = $("[data-row]", shelf), box = $("[data-arrows]", shelf);
  if (!row || !box) return;
  const sense = () => {
    const room = row.scrollWidth - row.clientWidth, at = Math.abs(row.scrollLeft);
    box.hidden = room < 8;
    all("[data-move]", box).forEach((b) => { b.disabled = b.dataset.move < 0 ? at < 4 : at > room - 4; });
  };
  row.addEventListener("scroll", sense, { passive: true });
  new ResizeObserver(sense).observe(row);
  sense();
}
all("[data-shelf]").forEach(arrows);

document.addEventListener("click", (event) => {
  const move = event.target.closest("[data-move]");
  if (move) {
    const row = $("[data-row]", move.closest("[data-shelf]"));
    const way = move.dataset.move * (getComputedStyle(row).direction === "rtl" ? -1 : 1);
    row.scrollBy({ left: way * row.clientWidth * 0.85, behavior: calm ? "auto" : "smooth" });
  }
  all("details[data-menu][open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  if (event.target.closest("[data-opens-dialog]")) event.target.closest("details")?.removeAttribute("open");
  if (event.target === $("#dialog")) $("#dialog").close();
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu][open]");
  if (event.key === "Escape" && menu) { menu.open = false; $("summary", menu).focus(); }
  const card = event.target.closest?.("[data-row] > li");
  if (!card || !["ArrowLeft", "ArrowRight"].includes(event.key) || event.target.matches("input")) return;
  const ahead = (event.key === "ArrowRight") !== (getComputedStyle(card).direction === "rtl");
  const link = $("a", ahead ? card.nextElementSibling ?? card : card.previousElementSibling ?? card);
  if (link) { event.preventDefault(); link.focus({ preventScroll: true }); link.closest("li").scrollIntoView({ inline: "nearest", block: "nearest", behavior: calm ? "auto" : "smooth" }); }
});

// Toasts stay long enough to be read and acted on, and wait while the pointer or the focus is on them.
function fade(toast) {
  const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, 3000) : toast.remove());
  setTimeout(leave, 12000);
}
all("[data-toast]").forEach(fade);

// htmx: show the dialog, keep the focus where the reader was, tell refusals kindly.
let inCard = false;
document.addEventListener("htmx:beforeRequest", (event) => { inCard = !!event.target.closest?.("[data-row], #toasts"); });
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status >= 400 && xhr.getResponseHeader("HX-Retarget")) { event.detail.shouldSwap = true; event.detail.isError = false; }
});
document.addEventListener("htmx:oobAfterSwap", () => all("[data-toast]:not([data-timed])").forEach((t) => { t.dataset.timed = ""; fade(t); }));
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id === "dialog-body") return $("#dialog").showModal();
  const said = $("#consent")?.dataset.behaviour; // a switch was moved: what the page tells changes with it
  if (said) window.segueBeacon?.consent(said === "yes");
  const lost = document.activeElement === document.body;
  if (lost && inCard) {
    const fresh = document.getElementById(event.detail.elt?.id) ?? event.detail.elt;
    ($("a", fresh) ?? fresh)?.focus?.({ preventScroll: true });
  }
});

// Forms that must go off once; file forms keep working because nothing is intercepted.
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-once]")) setTimeout(() => all("button", event.target).forEach((b) => { b.disabled = true; }));
});
addEventListener("pageshow", () => all("[data-once] button").forEach((b) => { b.disabled = false; }));

// Sliders say their position in words.
function speak(range) {
  const words = range.dataset.words?.split(",");
  if (words) range.setAttribute("aria-valuetext", words[Math.round((Number(range.value) + 1) * 2)]);
}
all("input[type=range]").forEach(speak);
document.addEventListener("input", (event) => { if (event.target.type === "range") speak(event.target); });
