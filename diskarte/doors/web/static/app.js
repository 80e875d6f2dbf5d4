// Small helps on top of pages that work without them: theme, bubbles, menus, toasts, side panel, counters, charts.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const on = (event, does) => document.addEventListener(event, does);

  // Theme
  const pressTheme = () => all("[data-theme-to]").forEach((button) =>
    button.setAttribute("aria-pressed", String(button.dataset.themeTo === document.documentElement.dataset.theme)));
  const chooseTheme = (wanted) => {
    try { localStorage.setItem("theme", wanted); } catch { /* a private window keeps nothing */ }
    window.applyTheme(wanted);
  };

  // Bubbles: kept inside the window; Escape hides them
  const placeBubble = (tip) => {
    const bubble = $(".bubble", tip);
    if (!bubble) return;
    tip.classList.remove("is-hushed");
    bubble.classList.add("is-placed");
    const at = tip.getBoundingClientRect(), size = bubble.getBoundingClientRect();
    const below = at.bottom + 6 + size.height < innerHeight;
    bubble.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`;
    bubble.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - size.height - 4)}px`;
  };
  for (const event of ["mouseover", "focusin"])
    on(event, ({ target }) => { const tip = target.closest?.(".tip"); if (tip && !target.closest(".bubble")) placeBubble(tip); });

  // Toasts
  const say = (words, tone = "info", undo = "") => {
    const box = $("#toast-form").content.firstElementChild.cloneNode(true), form = $("form", box);
    box.classList.add(`is-${tone}`);
    $(".toast-words", box).textContent = words;
    if (undo) form.elements.line.value = undo; else form?.remove();
    $("#toasts").append(box);
    fade(box);
  };
  const fade = (box) => { if (!box.matches(".is-bad") && !$("form", box)) setTimeout(() => box.remove(), 8000); };
  window.desk = { say };

  // Side panel
  let opener = null;
  const openSide = () => {
    const panel = $("#side");
    if (!panel.open) { opener = document.activeElement; panel.show(); }
    panel.scrollTop = 0;
    const head = $("h1, h2", panel);
    if (head) { head.tabIndex = -1; head.focus(); }
  };
  const closeSide = () => { $("#side")?.close(); opener?.focus?.(); };

  // A card that is dragged into a column: the column's own form takes it there, as a button of the card would
  on("dragstart", ({ target, dataTransfer }) => { if (target.dataset?.card) dataTransfer.setData("text/card", target.dataset.card); });
  const column = ({ target, dataTransfer }) => dataTransfer.types.includes("text/card") ? target.closest?.(".kanban-column:has([data-drop])") : null;
  for (const event of ["dragover", "dragend", "drop"]) on(event, (moved) => {
    const under = column(moved), form = under && $("[data-drop] form", under);
    all(".kanban-column").forEach((one) => one.classList.toggle("is-under", one === under && event === "dragover"));
    if (under) moved.preventDefault();
    if (!form || event !== "drop") return;
    form.elements[form.parentElement.dataset.drop].value = moved.dataTransfer.getData("text/card");
    form.requestSubmit();
  });

  // One listener for clicks and keys
  on("click", (event) => {
    const { target } = event;
    if (target.closest("[data-theme-to]")) chooseTheme(target.closest("[data-theme-to]").dataset.themeTo);
    if (target.closest("[data-dismiss]")) target.closest(".toast-box").remove();
    if (target.closest("[data-side-close]")) closeSide();
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(target)) menu.open = false; });
  });
  on("keydown", (event) => {
    if (event.key !== "Escape") return;
    const tip = document.activeElement.closest?.(".tip") || $(".tip:hover");
    const menu = $("details.menu[open]");
    if (tip && !tip.classList.contains("is-hushed")) tip.classList.add("is-hushed");
    else if (menu) { menu.open = false; $("summary", menu).focus(); }
    else if ($("#side")?.open) closeSide();
  });
  on("submit", (event) => {
    const question = event.target.dataset?.confirm;
    if (question && !confirm(question)) { event.preventDefault(); event.stopImmediatePropagation(); }
  });

  // Character counters: by grapheme, as a person counts
  const graphemes = new Intl.Segmenter();
  const count = (input) => {
    const shown = $(`[data-counter="${CSS.escape(input.id)}"]`), used = [...graphemes.segment(input.value)].length;
    if (!shown) return;
    shown.textContent = `${used} / ${input.dataset.count}`;
    shown.classList.toggle("is-over", used > Number(input.dataset.count));
  };
  on("input", ({ target }) => { if (target.dataset?.count) count(target); });

  // Charts: Vega comes only when a chart comes into view; redrawn when the theme changes
  let vega = null;
  const script = (name) => new Promise((onload, onerror) =>
    document.head.append(Object.assign(document.createElement("script"), { src: document.body.dataset.vega + name, onload, onerror })));
  const loadVega = () => vega ||= Promise.all(["vega.min.js", "vega-interpreter.min.js"].map(script))
    .then(() => script("vega-lite.min.js")).then(() => script("vega-embed.min.js"));
  const draw = async (figure) => {
    const place = $(".chart-place", figure), { spec, light, dark } = JSON.parse($("script", figure).textContent);
    const theme = document.documentElement.dataset.bsTheme === "dark" ? dark : light;
    try {
      await loadVega();
      const options = { actions: false, ast: true, expr: vegaInterpreter.expressionInterpreter, renderer: "svg",
        defaultStyle: false, tooltip: { disableDefaultStyle: true }, config: theme };
      figure.view?.finalize();
      figure.view = (await vegaEmbed(place, spec, options)).view;
      figure.dataset.drawn = document.documentElement.dataset.bsTheme;
    } catch (problem) {
      place.textContent = figure.dataset.failed;
      figure.dataset.drawn = "failed";
      console.error(problem);
    }
  };
  const seen = new IntersectionObserver((entries) => entries.filter((e) => e.isIntersecting)
    .forEach(({ target }) => { seen.unobserve(target); draw(target); }), { rootMargin: "200px" });
  on("theme", () => { pressTheme(); all("[data-drawn]").forEach(draw); });

  // Whatever arrives, at first or by htmx
  const greet = (root) => {
    all("[data-chart]:not([data-drawn])", root).forEach((figure) => seen.observe(figure));
    all("[data-count]", root).forEach(count);
    all(".toast-box", root).forEach(fade);
    reach(root);
  };
  const reach = (root) => all(".table-box, .kanban, .tabs", root).forEach((box) => { if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; });
  addEventListener("resize", () => reach(document));
  on("htmx:afterSwap", ({ detail }) => { greet(detail.target); if (detail.target.id === "side-body") openSide(); });
  on("htmx:responseError", ({ detail }) => say(`${detail.xhr.status} ${detail.xhr.statusText}`, "bad"));
  pressTheme();
  greet(document);
  if ($("#side-body")?.textContent.trim()) $("#side").show();
})();
