// The editor of a brand: what is typed shows in the frames at once, before it is saved. Without this file “Show” does it.
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const stage = document.querySelector("[data-stage]");
const frames = stage ? all("iframe", stage) : [];
let tokens;

// Fields that go together: a colour as text and as the browser's own field, a slider and its figure
document.addEventListener("input", (event) => {
  const { target } = event;
  if (target.dataset.colourOf) document.getElementById(target.dataset.colourOf).value = target.value;
  const twin = document.querySelector(`[data-colour-of="${target.id}"]`);
  const hex = /^#?([0-9a-f]{6})$/i.exec(target.value.trim());
  if (twin && hex) twin.value = `#${hex[1].toLowerCase()}`;
  const output = document.querySelector(`output[for="${target.id}"]`);
  if (output?.dataset.words) output.textContent = output.dataset.words.replace("{}", target.value);
});

function typed(form) {
  const values = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && !["csrf_token", "version", "seen"].includes(name)) values.set(name, value);
  return values;
}

// A page of this site takes the colours as they are: nothing is loaded again, nothing flickers.
function dress(frame) {
  const root = frame.contentDocument?.documentElement;
  if (!tokens || !root?.dataset.frame) return;
  root.dataset.frame = tokens.frame;
  for (const [name, value] of Object.entries({ ...tokens.shapes, ...tokens[frame.dataset.scheme] })) root.style.setProperty(name, value);
}
for (const frame of frames) frame.addEventListener("load", () => dress(frame));

async function retell(frame, values) {
  const url = new URL(frame.src);
  for (const [name, value] of values) url.searchParams.set(name, value);
  const there = frame.contentDocument?.documentElement?.dataset.frame;
  if (!there) {
    frame.src = url;
    return;
  }
  const answer = await fetch(url);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const { scrollingElement } = frame.contentDocument;
  const place = scrollingElement?.scrollTop ?? 0;
  frame.contentDocument.body.replaceWith(frame.contentDocument.adoptNode(page.body));
  if (scrollingElement) scrollingElement.scrollTop = place;
}

let asking;
async function show(form) {
  const values = typed(form);
  asking?.abort();
  asking = new AbortController();
  const url = new URL(form.dataset.brandForm, location.href);
  for (const [name, value] of values) url.searchParams.set(name, value);
  const answer = await fetch(url, { signal: asking.signal });
  if (!answer.ok || answer.redirected) return;
  const told = await answer.json();
  tokens = told.tokens;
  for (const frame of frames) dress(frame);
  for (const [name, html] of Object.entries(told.pieces)) for (const place of all(`[data-piece="${name}"]`)) place.innerHTML = html;
}

let soon;
let later;
for (const form of all("[data-brand-form]")) {
  form.addEventListener("input", (event) => {
    clearTimeout(soon);
    clearTimeout(later);
    soon = setTimeout(() => show(form).catch(() => {}), 90);
    const words = event.target.matches("[data-words-of-brand]");
    later = setTimeout(() => {
      const values = typed(form);
      for (const frame of frames) if (words || frame.dataset.page === "mail") retell(frame, values).catch(() => {});
    }, 350);
  });
}

// A text in Markdown shows as it will read
let reading;
document.addEventListener("input", (event) => {
  const place = event.target.dataset.reads && document.getElementById(event.target.dataset.reads);
  if (!place) return;
  clearTimeout(reading);
  reading = setTimeout(async () => {
    const body = new URLSearchParams({ text: event.target.value, csrf_token: event.target.form.elements.csrf_token.value });
    const answer = await fetch(place.dataset.url, { method: "POST", body });
    if (answer.ok) place.innerHTML = await answer.text();
  }, 250);
});
