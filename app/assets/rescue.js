// A page whose WebAssembly has panicked shows everything and does nothing. This is apart from it: it reports what
// happened, loads the page again where it was, and fills in what was typed. A page that panics once more within a minute
// is loaded without its WebAssembly, as it works in a browser without scripts.
(() => {
  const KEY = "tidemark-rescue";
  const SOON = 60000;
  const page = () => location.pathname + location.search;
  const keep = (what) => sessionStorage.setItem(KEY, JSON.stringify(what));

  let last = null;
  try {
    last = JSON.parse(sessionStorage.getItem(KEY));
    if (last && !(Math.abs(Date.now() - last.at) < SOON)) last = null;
    // What was typed lies there no longer than until this page has it.
    if (last) keep({ at: last.at, times: last.times });
    else sessionStorage.removeItem(KEY);
  } catch {}
  const saved = last && last.page === page() ? last.saved : null;
  const plain = saved !== null && last.times > 1;
  if (saved && saved.hash) history.replaceState(history.state, "", page() + saved.hash);

  const isSecret = (field) =>
    ["password", "file"].includes(field.type) || /password|one-time-code|cc-/.test(field.autocomplete);
  const isKept = (field) => field.name && field.matches("input, select, textarea") && !isSecret(field);
  const isTick = (field) => field.type === "checkbox" || field.type === "radio";
  /** What people fill in, and what a form carries along. Never a password. */
  const fieldsOf = (form) => [...form.elements].filter(isKept);

  function typed() {
    return [...document.forms].map((form) => ({
      action: form.getAttribute("action"),
      fields: fieldsOf(form).flatMap((field) => {
        if (isTick(field)) return field.checked ? [[field.name, field.value]] : [];
        if (field.selectedOptions) return [...field.selectedOptions].map((option) => [field.name, option.value]);
        return [[field.name, field.value]];
      }),
    }));
  }

  function put(field, values, left) {
    if (isTick(field)) {
      const checked = values.includes(field.value);
      if (field.checked === checked) return false;
      field.checked = checked;
    } else if (field.options && field.multiple) {
      for (const option of field.options) option.selected = values.includes(option.value);
    } else {
      const value = left.shift();
      if (value === undefined || field.value === value) return false;
      field.value = value;
    }
    return true;
  }

  const frames = () => [...document.querySelectorAll(".table-frame")];

  /** Everything stands so many pixels lower than before. */
  function fill(lower) {
    const seen = {};
    for (const form of document.forms) {
      const action = form.getAttribute("action");
      const nth = (seen[action] = (seen[action] ?? -1) + 1);
      const kept = saved.forms.filter((one) => one.action === action)[nth];
      if (!kept) continue;
      const values = {};
      for (const [name, value] of kept.fields) (values[name] ??= []).push(value);
      const left = structuredClone(values);
      for (const field of fieldsOf(form)) {
        if (field.type === "hidden") continue;
        if (!put(field, values[field.name] ?? [], left[field.name] ?? [])) continue;
        for (let at = field.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
        for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
      }
    }
    if (saved.focus) document.getElementById(saved.focus)?.focus({ preventScroll: true });
    const [x, y] = saved.scroll;
    scrollTo(x, y === 0 ? 0 : y + lower);
    // A long table has a scroll of its own.
    for (const [nth, frame] of frames().entries()) frame.scrollTo(...(saved.frames?.[nth] ?? [0, 0]));
  }

  function say(text, link) {
    const notice = document.createElement("div");
    Object.assign(notice, { className: "notice rescue-notice", role: "status" });
    notice.dataset.tone = "warn";
    const line = document.createElement("p");
    line.append(text);
    if (link) {
      const again = document.createElement("a");
      Object.assign(again, { href: page(), textContent: link });
      line.append(" ", again);
    }
    notice.append(line);
    document.querySelector(".frame")?.before(notice);
    return notice;
  }

  function show() {
    if (!saved || show.done) return;
    show.done = true;
    const notice = say(
      plain
        ? "This page stopped working again and is now shown in its simple form. Links and forms work as ever."
        : "This page stopped working and was loaded again. What you had typed is back.",
    );
    fill(notice.offsetHeight);
  }

  function panicked(message) {
    if (panicked.done) return;
    panicked.done = true;
    const name = document.querySelector("meta[name=tidemark-page]")?.content ?? "";
    fetch("/browser/panics", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ page: name, message: String(message).slice(0, 500) }),
      // It outlives this page.
      keepalive: true,
    }).catch(() => {});
    // A form that is on its way is answered with a page of its own.
    if (window.event?.type === "submit" && !window.event.defaultPrevented) return;
    const now = Date.now();
    const times = last && Math.abs(now - last.at) < SOON ? last.times + 1 : 1;
    const saved = { hash: location.hash, scroll: [scrollX, scrollY], frames: frames().map((frame) => [frame.scrollLeft, frame.scrollTop]), focus: document.activeElement?.id, forms: typed() };
    try {
      keep({ at: now, times, page: page(), saved });
    } catch {
      // Without a place for what was typed, it is not for a script to throw it away.
      say("This page has stopped working.", "Load it again");
      return;
    }
    // Not reload(), which would post again what a form was answered with.
    location.replace(page());
  }

  const broke = (error) =>
    error instanceof WebAssembly.RuntimeError || (error instanceof RangeError && /\.wasm/.test(error.stack));
  addEventListener("error", (event) => broke(event.error) && panicked(event.error.message));
  addEventListener("unhandledrejection", (event) => broke(event.reason) && panicked(event.reason.message));
  // Where the page's code does not come to say that it is there.
  addEventListener("load", () => setTimeout(show, plain ? 0 : 15000));

  window.tidemark = {
    isPlain: () => plain,
    panicked,
    hydrated: () => setTimeout(show),
    typed: (action) => saved?.forms.find((one) => one.action === action)?.fields ?? null,
  };
})();
