// Segue's beacon, version 1: tells a collector what a visitor sees and does. How to use it: docs/beacon.md.
// This file never changes once released, for pages elsewhere pin its digest; what comes next is beacon.v2.js.
(() => {
  "use strict";
  const script = document.currentScript, set = script.dataset, SPACE = "segue.v1.", EVENT = SPACE + "q.";
  const url = (set.collect || new URL(script.src).origin).replace(/\/$/, "") + "/v1/batch";
  const BATCH = 60000, EVENT_AT_MOST = 30000, QUEUE = 400, DAY = 864e5, SECOND = 1000;
  const quiet = navigator.globalPrivacyControl === true || [navigator.doNotTrack, window.doNotTrack].includes("1");
  const waiting = new Map(); // message id -> event as text, oldest first
  let allowed = false, visitor = "", user = {}, busy = false, falls = 0, timer = 0, pausedUntil = 0;

  const random = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  const bytes = (text) => new Blob([text]).size;

  // Storage may be full, switched off or forbidden; then the queue lives in memory only.
  function disk(act) { try { return act(localStorage); } catch { return null; } }
  const stored = (prefix) => disk((s) => Object.keys(s).filter((key) => key.startsWith(prefix))) || [];
  const erase = (key) => disk((s) => s.removeItem(key));

  function consent(yes) {
    allowed = yes === true && !quiet;
    if (!allowed) { stored(SPACE).forEach(erase); waiting.clear(); visitor = ""; user = {}; return; }
    // A page with a token needs no id for its visitor: the token says whose it is. The mark keeps the yes.
    const known = disk((s) => s.getItem(SPACE + "id"));
    const id = set.token ? "-" : known && known !== "-" ? known : visitor || random();
    visitor = set.token ? "" : id;
    if (known !== id) disk((s) => s.setItem(SPACE + "id", id));
  }

  function tell(type, fields) {
    if (quiet) return;
    const context = { library: { name: "segue-beacon", version: "1" }, locale: navigator.language, consent: { categoryPreferences: { behaviour: allowed } } };
    if (set.token) context.pageToken = set.token;
    if (navigator.webdriver) context.webdriver = true;
    if (user.token) context.userToken = user.token;
    const messageId = random(), event = { type, messageId, timestamp: new Date().toISOString(), ...fields, context };
    if (visitor) event.anonymousId = visitor;
    if (user.id) event.userId = user.id;
    const text = JSON.stringify(event);
    if (bytes(text) > EVENT_AT_MOST) return;
    waiting.set(messageId, text);
    if (allowed) disk((s) => s.setItem(EVENT + messageId, text)); // a key an event: tabs never write the same one
    if (waiting.size > QUEUE) drop(waiting.keys().next().value);
    if (!busy && !falls) later(waiting.size < 20 ? 3 * SECOND : 0);
  }

  function drop(id) { waiting.delete(id); erase(EVENT + id); }

  // What an earlier page left, or a tab that crashed. It may have been delivered: the collector knows message ids.
  function adopt() {
    for (const key of stored(EVENT)) {
      const text = disk((s) => s.getItem(key)), at = Date.parse((/"timestamp":"([^"]+)"/.exec(text) || [])[1]);
      if (Date.now() - at < DAY) waiting.set(key.slice(EVENT.length), text); else erase(key);
    }
  }

  function pack() {
    const ids = [], texts = [];
    let size = 200;
    for (const [id, text] of waiting) {
      size += bytes(text) + 1;
      if (size > BATCH) break;
      ids.push(id); texts.push(text);
    }
    return [ids, `{"writeKey":${JSON.stringify(set.key || "")},"sentAt":"${new Date().toISOString()}","batch":[${texts}]}`];
  }

  function later(wait) {
    if (timer && wait) return;
    clearTimeout(timer);
    timer = setTimeout(() => { timer = 0; send(); }, wait);
  }

  // A text body is sent as text/plain, which needs no preflight; no cookie travels.
  async function send(leaving) {
    const pausing = pausedUntil - Date.now();
    if (pausing > 0) { if (!leaving) later(pausing); return; }
    if (!waiting.size || (busy && !leaving)) return;
    const [ids, body] = pack();
    if (leaving && !("keepalive" in Request.prototype)) { navigator.sendBeacon(url, body); return; }
    busy = true;
    let status = 0, pause = 0;
    try {
      const answer = await fetch(url, { method: "POST", body, credentials: "omit", keepalive: !!leaving });
      status = answer.status;
      pause = Number(answer.headers.get("Retry-After")) * SECOND || 0;
    } catch { /* out of reach */ }
    busy = false;
    if (status && status < 500 && status !== 429 && status !== 408) {
      falls = 0; // taken, or refused for good
      ids.forEach(drop);
    } else {
      falls += 1;
      if (pause) pausedUntil = Date.now() + pause;
      else pause = Math.min(60, 2 ** falls) * SECOND * (0.5 + Math.random() / 2);
    }
    if (waiting.size) later(pause);
  }

  function props(element, more) {
    const found = {};
    for (const [name, value] of Object.entries(element.dataset)) {
      if (name.startsWith("prop") && name.length > 4) found[(name[4].toLowerCase() + name.slice(5)).replace(/[A-Z]/g, (c) => "_" + c.toLowerCase())] = value;
    }
    return Object.assign(found, more);
  }

  const track = (event, properties) => tell("track", { event, properties: properties || {} });

  // Without a name only the path is told, and the referrer's origin: addresses often carry what is private.
  function page(name) {
    const from = document.referrer ? new URL(document.referrer).origin : "";
    tell("page", { name: name || "", properties: name ? {} : { path: location.pathname, referrer: from } });
  }

  // Seen: at least half visible, for a second on end, in a visible tab; once for each element and each thing.
  const told = new Set(), watched = new WeakSet(), inSight = new Map();
  const isVisible = () => document.visibilityState === "visible";
  const eye = new IntersectionObserver((entries) => entries.forEach(({ target, intersectionRatio }) => {
    clearTimeout(inSight.get(target));
    inSight.delete(target);
    if (intersectionRatio >= 0.5) { inSight.set(target, 0); if (isVisible()) wait(target); }
  }), { threshold: 0.5 });
  function wait(target) {
    clearTimeout(inSight.get(target));
    inSight.set(target, setTimeout(() => {
      eye.unobserve(target);
      inSight.delete(target);
      const event = target.dataset.signalSeen, said = props(target), key = event + JSON.stringify(said);
      if (!told.has(key)) { told.add(key); track(event, said); }
    }, SECOND));
  }
  let scanning = 0;
  function scan() {
    scanning = 0;
    for (const one of document.querySelectorAll("[data-signal-seen]")) if (!watched.has(one)) { watched.add(one); eye.observe(one); }
  }

  // Dwell: visible and focused time. Each beat tells what came since the one before; under five seconds say nothing.
  let since = 0, spent = 0, beat = 0, left = 1800;
  function clock() {
    const at = performance.now();
    if (since) spent += Math.min(at - since, 20 * SECOND); // a longer step: the machine slept
    since = isVisible() && document.hasFocus() ? at : 0;
  }
  function pulse() {
    clock();
    const element = document.querySelector("[data-signal-dwell]"), tenths = Math.min(Math.floor(spent / 100), left * 10);
    if (!element || tenths < (beat ? 10 : 50)) return;
    spent -= tenths * 100;
    left -= tenths / 10;
    track(element.dataset.signalDwell, props(element, { dwell_s: tenths / 10, beat: ++beat }));
  }

  function act(event) {
    const element = event.isTrusted && event.target.closest?.("[data-signal-click],[data-signal-dismiss]");
    if (!element) return;
    const { signalClick, signalDismiss } = element.dataset, chosen = element.matches("select,input") === (event.type === "change");
    if (signalClick && event.type !== "change") track(signalClick, props(element));
    if (signalDismiss && chosen && element.value) track(signalDismiss, props(element, { reason: element.value }));
  }

  // Video: how much of it was played, wherever; what was skipped over does not count.
  const progress = new WeakMap();
  function play({ target }) {
    const id = target.dataset?.signalVideo, whole = target.duration;
    if (!id || !(whole > 0 && whole < Infinity)) return;
    let played = 0;
    for (let i = 0; i < target.played.length; i += 1) played += target.played.end(i) - target.played.start(i);
    const said = (percent) => props(target, { video_id: id, percent, seconds: Math.round(played * 10) / 10 });
    if (!progress.has(target)) { progress.set(target, 0); track("video.started", said(0)); }
    for (const mark of [25, 50, 75, 100]) {
      if (progress.get(target) < mark && played >= whole * (mark === 100 ? 0.98 : mark / 100)) {
        progress.set(target, mark);
        track(mark === 100 ? "video.finished" : "video.progressed", said(mark));
      }
    }
  }

  function leave() { pulse(); send(true); }

  function begin() {
    if (set.consent === "yes" || (!set.consent && stored(SPACE + "id").length)) consent(true);
    else if (set.consent) consent(false);
    if (allowed) adopt();
    if (waiting.size) later(SECOND);
    const on = (name, hear, target) => (target || window).addEventListener(name, hear, true);
    on("pagehide", leave);
    on("pageshow", (event) => { if (event.persisted && set.page !== "off") page(set.page); });
    on("visibilitychange", () => {
      if (!isVisible()) { inSight.forEach(clearTimeout); leave(); } else { clock(); inSight.forEach((_, target) => wait(target)); }
    }, document);
    on("focus", clock);
    on("blur", clock);
    on("online", () => send());
    on("storage", ({ key, newValue }) => {
      if (newValue !== null) return; // only what went: delivered by another tab, or a yes taken back there
      if (!key || key === SPACE + "id") consent(false); else if (key.startsWith(EVENT)) waiting.delete(key.slice(EVENT.length));
    });
    ["click", "auxclick", "change"].forEach((name) => on(name, act, document));
    ["playing", "timeupdate", "ended"].forEach((name) => on(name, play, document));
    new MutationObserver(() => { scanning ||= setTimeout(scan, 100); }).observe(document, { childList: true, subtree: true });
    setInterval(pulse, 15 * SECOND);
    clock();
    scan();
    if (set.page !== "off") page(set.page);
  }

  window.segueBeacon = Object.freeze({
    version: "1",
    track,
    page,
    consent,
    flush: () => send().then(() => waiting.size), // how many still wait
    identify(id, token) {
      if (!allowed) return; // before a yes nobody is anybody
      user = { id: String(id), token };
      tell("identify", { traits: {} });
    },
  });
  if (quiet) consent(false);
  else if (document.prerendering) document.addEventListener("prerenderingchange", begin, { once: true });
  else begin();
})();
