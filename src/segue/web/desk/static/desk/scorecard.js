// A scorecard by keyboard and by thumb, saved while it is written. Without this file its buttons do the same.
const off = "desk.keys.off";
const PAUSE_MS = 900;
const $ = (selector, within = document) => within.querySelector(selector);
const card = () => $("[data-scorecard]");
const typing = (el) => el.closest("textarea, input:not([type=radio]), select");
const place = (form) => `desk.card.${form.dataset.scorecard}`;
let timer = 0;
let saving = null;

const fieldsOf = (form) =>
  Object.fromEntries([...new FormData(form)].filter(([name]) => !["csrfmiddlewaretoken", "revision", "kit"].includes(name)));

function say(form, what) {
  const line = $("[data-card-status]", form);
  if (line) line.textContent = line.dataset[what] ?? what;
}

// What is typed is on this device before it is on its way, and leaves the device once it has arrived.
function keep(form) {
  const said = { revision: form.elements.revision.value, fields: fieldsOf(form) };
  localStorage.setItem(place(form), JSON.stringify(said));
}

async function save(form, leaving = false) {
  clearTimeout(timer);
  if (saving) { await saving; return save(form, leaving); }
  const sent = JSON.stringify(fieldsOf(form));
  say(form, "saving");
  saving = fetch(form.dataset.save, {
    method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, keepalive: leaving,
  }).catch(() => null);
  const answer = await saving;
  saving = null;
  if (!answer || !answer.headers.get("Content-Type")?.startsWith("application/json")) return say(form, "failed");
  const told = await answer.json();
  if (!answer.ok) return say(form, `${told.message} ${told.remedy}`);
  form.elements.revision.value = told.revision;
  form.elements.kit.value = told.kit;
  if (JSON.stringify(fieldsOf(form)) === sent) {
    localStorage.removeItem(place(form));
    say(form, "saved");
  } else { keep(form); soon(form); }
}

function soon(form) {
  clearTimeout(timer);
  timer = setTimeout(() => save(form), PAUSE_MS);
}

function changed(event) {
  const form = event.target.closest("[data-scorecard]");
  if (form) { keep(form); soon(form); }
}
document.addEventListener("input", changed);
document.addEventListener("change", changed);
document.addEventListener("visibilitychange", () => {
  const form = card();
  if (form && document.visibilityState === "hidden" && localStorage.getItem(place(form))) save(form, true);
});
// Handing in waits for a save that is under way, or its revision would be one behind.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-scorecard]")) return;
  clearTimeout(timer);
  if (!saving) return;
  event.preventDefault();
  await saving;
  setTimeout(() => { clearTimeout(timer); form.requestSubmit(event.submitter); });
});

// Words that never arrived: put in at once where nothing was saved since, else offered.
function restore(form, fields) {
  for (const [name, value] of Object.entries(fields)) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio") field.checked = field.value === value;
      else field.value = value;
    }
  }
  keep(form);
  soon(form);
}

function wake() {
  const done = $("[data-card-in]");
  if (done) localStorage.removeItem(`desk.card.${done.dataset.cardIn}`);
  const form = card();
  if (!form || form.dataset.awake) return;
  form.dataset.awake = "1";
  const kept = JSON.parse(localStorage.getItem(place(form)) ?? "null");
  if (!kept) return;
  if (JSON.stringify(kept.fields) === JSON.stringify(fieldsOf(form))) return localStorage.removeItem(place(form));
  if (kept.revision === form.elements.revision.value) return restore(form, kept.fields);
  const offer = $("[data-card-kept]", form);
  offer.hidden = false;
  $("[data-card-restore]", offer).addEventListener("click", () => { restore(form, kept.fields); offer.hidden = true; });
}

const questions = () => [...document.querySelectorAll("[data-competency]")];
const focusOn = (question) => {
  const choice = $("input:checked", question) ?? $("input", question);
  choice?.focus();
  question?.scrollIntoView({ block: "nearest" });
  return Boolean(choice);
};

function step(by, from) {
  const all = questions();
  const next = from ? all[all.indexOf(from) + by] : all[by > 0 ? 0 : all.length - 1];
  return next ? focusOn(next) : false;
}

function pick(question, key) {
  const choices = [...question.querySelectorAll("input[type=radio]")];
  const choice = choices.find((one) => one.value === key) ?? (choices.every((one) => !/^\d$/.test(one.value)) && choices[key - 1]);
  if (!choice) return false;
  choice.focus();
  choice.click();
  return true;
}

function deed(event, question) {
  if (/^[0-4]$/.test(event.key) && question) return pick(question, event.key);
  if (event.key === "j") return step(1, question);
  if (event.key === "k") return step(-1, question);
  if (event.key === "n" && question) { $("textarea", question)?.focus(); return true; }
  return false;
}

// Before the desk's own keys, which mean rows of a list by the same letters.
document.addEventListener("keydown", (event) => {
  const form = card();
  if (!form || $("dialog[open]")) return;
  const question = event.target.closest("[data-competency]");
  const sends = event.key === "Enter" && (event.ctrlKey || event.metaKey);
  if (sends && form.contains(event.target)) { event.preventDefault(); $("[data-card-submit]", form).click(); return; }
  if (event.key === "Escape" && typing(event.target) && question) {
    event.stopImmediatePropagation();
    focusOn(question);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || localStorage.getItem(off)) return;
  if (deed(event, question)) { event.preventDefault(); event.stopImmediatePropagation(); }
}, true);

document.addEventListener("htmx:afterSettle", wake);
wake();
