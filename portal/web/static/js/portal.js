// Comfort only: every page works without this file.
const root = document.documentElement;
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const on = (type, selector, act) => document.addEventListener(type, (event) => {
  const target = event.target instanceof Element && event.target.closest(selector);
  if (target) act(target, event);
});

// Said once, for those who listen.
const voice = Object.assign(document.createElement("p"), { className: "sr" });
voice.setAttribute("role", "status");
function say(text) {
  voice.textContent = text;
}

// Copy
on("click", "[data-copy]", async (button) => {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    return;
  }
  const use = button.querySelector("use");
  const word = button.querySelector("span");
  const before = [use.getAttribute("href"), word?.textContent];
  use.setAttribute("href", before[0].replace(/#.*/, "#check"));
  if (word) word.textContent = button.dataset.done;
  button.dataset.copied = "";
  say(button.dataset.done);
  setTimeout(() => {
    use.setAttribute("href", before[0]);
    if (word) word.textContent = before[1];
    delete button.dataset.copied;
  }, 2000);
});

// Passwords: show, strength, suggestion
function reveal(input, shown) {
  const button = document.querySelector(`[data-reveal="${input.id}"]`);
  input.type = shown ? "text" : "password";
  button?.setAttribute("aria-pressed", String(shown));
  const use = button?.querySelector("use");
  use?.setAttribute("href", use.getAttribute("href").replace(/#.*/, shown ? "#eye-off" : "#eye"));
}
on("click", "[data-reveal]", (button) => {
  const input = document.getElementById(button.dataset.reveal);
  reveal(input, input.type === "password");
});
document.addEventListener("submit", (event) => {
  for (const button of all('[data-reveal][aria-pressed="true"]', event.target)) reveal(document.getElementById(button.dataset.reveal), false);
});
function strength(password) {
  if (password.length < 12) return 0;
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[^\p{L}\d]/u].filter((kind) => kind.test(password)).length;
  const bits = new Set(password).size * Math.log2(10 + kinds * 20);
  return bits < 50 ? 1 : bits < 75 ? 2 : 3;
}
on("input", "[data-strength]", (input) => {
  const output = document.getElementById(input.dataset.strength);
  output.textContent = input.value ? output.dataset.words.split("|")[strength(input.value)] : "";
});
on("click", "[data-generate]", (button) => {
  const letters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789";
  const picks = crypto.getRandomValues(new Uint32Array(16));
  const password = [...picks].map((pick) => letters[pick % letters.length]).join("").replace(/(.{4})(?=.)/g, "$1-");
  const first = document.getElementById(button.dataset.generate);
  for (const input of all('input[autocomplete="new-password"]', first.form)) {
    input.value = password;
    reveal(input, input === first);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  first.focus();
});

// Ticked rows
on("change", "[data-tick-all]", (head) => {
  for (const tick of all(".tick-row", head.closest("table"))) tick.checked = head.checked;
});
on("change", ".tick-row", (row) => {
  const head = row.closest("table").querySelector("[data-tick-all]");
  const ticks = all(".tick-row", row.closest("table"));
  if (!head) return;
  head.checked = ticks.every((tick) => tick.checked);
  head.indeterminate = !head.checked && ticks.some((tick) => tick.checked);
});

// Search as you type: asks for the page that pressing Enter would bring, and takes over what it changes.
let asking;
async function ask(form) {
  const url = new URL(form.action || location.href);
  url.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== "")).toString();
  asking?.abort();
  asking = new AbortController();
  const answer = await fetch(url, { signal: asking.signal, headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return form.submit();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = all("[data-live]", page);
  for (const [place, region] of all("[data-live]").entries()) if (fresh[place]) region.replaceWith(fresh[place]);
  const filters = form.closest(".filters");
  const freshFilters = page.querySelector(".filters");
  if (filters && freshFilters) {
    for (const part of [...filters.children]) if (part !== form) part.remove();
    form.after(...[...freshFilters.children].filter((part) => !part.contains(freshFilters.querySelector("[data-search]"))));
  }
  history.replaceState(history.state, "", url);
  say(document.querySelector("[data-status]")?.textContent ?? "");
}
let waiting;
on("input", "[data-search]", (input) => {
  clearTimeout(waiting);
  waiting = setTimeout(() => ask(input.form).catch((trouble) => {
    if (trouble.name !== "AbortError") input.form.submit();
  }), 220);
});

// Whoever presses the button is on the way there already.
document.addEventListener("submit", () => {
  clearTimeout(waiting);
  asking?.abort();
});

// Messages
on("click", "[data-dismiss]", (button) => button.closest("[data-message]").remove());

// Menus: arrow keys go from entry to entry
on("keydown", ".menu:popover-open", (menu, event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const items = all(".menu-item", menu);
  if (!step || !items.length) return;
  event.preventDefault();
  const here = items.indexOf(document.activeElement);
  items.at(here < 0 && step < 0 ? -1 : (here + step) % items.length).focus();
});
on("keydown", "[popovertarget]", (button, event) => {
  const menu = document.getElementById(button.getAttribute("popovertarget"));
  if (event.key !== "ArrowDown" || !menu?.matches(".menu")) return;
  event.preventDefault();
  menu.showPopover({ source: button });
  menu.querySelector(".menu-item, input, select")?.focus();
});

// Light and dark, without waiting for the page
on("submit", "[data-scheme-form]", (form, event) => {
  const choice = event.submitter?.value;
  if (choice === undefined) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form));
  body.set("scheme", choice);
  fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => {});
  if (choice) root.dataset.scheme = choice;
  else delete root.dataset.scheme;
  for (const button of all("[name=scheme]", form)) button.setAttribute("aria-pressed", String(button === event.submitter));
});

// An order: buttons and dragging
function settle(list) {
  list.dataset.moved = "";
  const items = [...list.children];
  for (const [place, item] of items.entries()) {
    item.querySelector('[data-move="up"]').disabled = place === 0;
    item.querySelector('[data-move="down"]').disabled = place === items.length - 1;
  }
}
function tellPlace(item) {
  const list = item.parentNode;
  const words = list.dataset.said.replace("{title}", item.querySelector("[data-title]").textContent).replace("{place}", [...list.children].indexOf(item) + 1);
  say(words);
}
on("click", "[data-move]", (button, event) => {
  const item = button.closest(".sortable-item");
  const up = button.dataset.move === "up";
  const neighbour = up ? item.previousElementSibling : item.nextElementSibling;
  if (!neighbour) return;
  event.preventDefault();
  neighbour[up ? "before" : "after"](item);
  settle(item.parentNode);
  (button.disabled ? item.querySelector("[data-move]:not(:disabled)") : button)?.focus();
  tellPlace(item);
});
let held;
on("dragstart", ".sortable-item", (item) => {
  held = item;
  item.dataset.held = "";
});
on("dragover", ".sortable-item", (item, event) => {
  if (!held || item.parentNode !== held.parentNode) return;
  event.preventDefault();
  const box = item.getBoundingClientRect();
  if (item !== held) item[event.clientY < box.top + box.height / 2 ? "before" : "after"](held);
});
document.addEventListener("dragend", () => {
  if (!held) return;
  delete held.dataset.held;
  settle(held.parentNode);
  tellPlace(held);
  held = undefined;
});

// Files
on("dragover", "[data-drop]", (place, event) => {
  event.preventDefault();
  place.dataset.over = "";
});
on("dragleave", "[data-drop]", (place) => delete place.dataset.over);
on("drop", "[data-drop]", (place, event) => {
  event.preventDefault();
  delete place.dataset.over;
  if (event.dataTransfer.files.length) place.querySelector("input").files = event.dataTransfer.files;
});

// Long work: looks again until it is done
async function lookAgain() {
  const before = document.querySelector("[data-refresh]");
  if (!before) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  const after = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-refresh]");
  if (!answer.ok || !after) return location.reload();
  before.replaceWith(after);
  setTimeout(lookAgain, 2000);
}
if (document.querySelector("[data-refresh]")) setTimeout(lookAgain, 2000);

// Parts that take their time are asked for when the page is there.
for (const part of all("[data-later]")) {
  fetch(part.dataset.later, { headers: { Accept: "text/html" } })
    .then((answer) => (answer.ok && !answer.redirected ? answer.text() : ""))
    .then((text) => {
      const fresh = new DOMParser().parseFromString(text, "text/html").getElementById(part.id);
      if (fresh) part.replaceWith(fresh);
      say(fresh?.querySelector("[data-said]")?.textContent ?? "");
    })
    .catch(() => {});
}

document.body.append(voice);
document.querySelector(".side [aria-current]")?.scrollIntoView({ block: "nearest" });
for (const item of all(".sortable-item")) item.draggable = true;
document.querySelector("[data-focus]")?.focus();
