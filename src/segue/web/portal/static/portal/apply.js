// The application form, where the net is bad or very many come: it works without any of this.
const form = document.querySelector("[data-apply]");
const NEVER_KEPT = new Set(["csrfmiddlewaretoken", "stamp", "asked", "work", "do", "need", "need_text", "file_name"]);
const key = form && `apply:${form.dataset.apply}`;

// What is typed outlives a reload, a crash and a closed lid; until it is sent, on this device and tab alone.
// What somebody needs to be different is never kept, nor are the switches.
function keeps(field) {
  return field.name && !NEVER_KEPT.has(field.name) && !field.name.startsWith("consent_") && field.type !== "file" && !field.closest("[aria-hidden]");
}
function save() {
  const said = [...form.elements].filter(keeps).map((field) => [field.name, field.type === "radio" || field.type === "checkbox" ? field.value : "", ["radio", "checkbox"].includes(field.type) ? field.checked : field.value]);
  try { sessionStorage.setItem(key, JSON.stringify(said)); } catch { /* full, or switched off */ }
}
function restore() {
  let said = [];
  try { said = JSON.parse(sessionStorage.getItem(key) ?? "[]"); } catch { return; }
  let changed = false;
  for (const [name, value, was] of said) {
    for (const field of [...form.elements].filter((one) => one.name === name && keeps(one))) {
      const box = ["radio", "checkbox"].includes(field.type);
      if (box ? field.value === value && was && !field.checked : was && !field.value) {
        if (box) field.checked = true; else field.value = was;
        changed = true;
      }
    }
  }
  form.querySelector("[data-restored]").hidden = !changed;
}

// Where very many come from one network, the browser does a sum meanwhile; who has no JavaScript gets a mail.
async function work(bits) {
  const stamp = form.elements.stamp.value, text = new TextEncoder();
  for (let n = 0; crypto.subtle; n += 1) {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", text.encode(`${stamp}:${n}`)));
    if (hash[0] === 0 && hash[1] === 0 && bits === 16) { form.elements.work.value = String(n); return; }
  }
}

if (form) {
  const offline = form.querySelector("[data-offline]");
  if (!document.querySelector("#errors")) restore();
  form.addEventListener("input", save);
  addEventListener("online", () => { offline.hidden = true; });
  form.addEventListener("submit", (event) => {
    save();
    if (navigator.onLine) return;
    event.preventDefault();
    event.stopPropagation();
    offline.hidden = false;
    offline.scrollIntoView({ block: "center" });
  });
  if (form.dataset.workBits) work(Number(form.dataset.workBits));
} else {
  // It has arrived: nothing of it stays on this device.
  const sent = document.querySelector("[data-sent]");
  if (sent) try { sessionStorage.removeItem(`apply:${sent.dataset.sent}`); } catch { /* switched off */ }
}
