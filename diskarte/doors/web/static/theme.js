// Runs before the first paint, so that a dark desk never flashes white.
(() => {
  const device = matchMedia("(prefers-color-scheme: dark)");
  const choice = () => { try { return localStorage.getItem("theme") || "auto"; } catch { return "auto"; } };
  window.applyTheme = (wanted = choice()) => {
    const dark = wanted === "dark" || (wanted === "auto" && device.matches);
    Object.assign(document.documentElement.dataset, { bsTheme: dark ? "dark" : "light", theme: wanted });
    document.dispatchEvent(new CustomEvent("theme", { detail: { wanted, dark } }));
  };
  window.applyTheme();
  device.addEventListener("change", () => window.applyTheme());
})();
