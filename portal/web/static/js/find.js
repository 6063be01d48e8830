// The search field of every page; without this file it is a form like any other.
const form = document.querySelector("[data-find]");
if (form) {
  const input = form.querySelector("input");
  const found = form.querySelector("[data-found]");
  const links = () => [...found.querySelectorAll(".menu-item")];
  let waiting, asking;
  const hide = () => {
    clearTimeout(waiting);
    asking?.abort();
    found.hidePopover();
  };
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const url = `${form.dataset.find}?${new URLSearchParams({ q: input.value })}`;
    const answer = await fetch(url, { signal: asking.signal });
    if (!answer.ok || answer.redirected) return;
    found.innerHTML = await answer.text();
    form.querySelector("[data-heard]").textContent = found.querySelector("[data-status]").textContent;
    if (links().length) found.showPopover({ source: input });
    else found.hidePopover();
  };
  input.addEventListener("input", () => {
    hide();
    if (input.value.trim().length > 1) waiting = setTimeout(() => ask().catch(() => {}), 180);
  });
  form.addEventListener("submit", hide);
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) hide();
  });
  form.addEventListener("keydown", (event) => {
    const open = found.matches(":popover-open");
    const first = links()[0];
    const up = event.key === "ArrowUp" && document.activeElement === first;
    if (event.key === "ArrowDown" && event.target === input && open) first.focus();
    else if (open && (event.key === "Escape" || up)) {
      input.focus();
      if (!up) hide();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    if (!input.checkVisibility()) document.getElementById("side").showPopover();
    input.focus();
    input.select();
  });
}
