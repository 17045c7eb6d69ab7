// A table of buttons to walk through with the arrows: one of them takes Tab, the one that the address names first.
class CellGrid extends HTMLElement {
  connectedCallback() {
    if (!this.querySelector("button")) return;
    const named = document.getElementById(location.hash.slice(1));
    for (const button of this.querySelectorAll("button")) button.tabIndex = -1;
    this.stop(named && this.contains(named) ? named : this.querySelector("[aria-pressed=true]") ?? this.querySelector("button"));
    if (named && this.contains(named)) named.focus();
    this.addEventListener("keydown", (event) => this.press(event));
    this.addEventListener("focusin", ({ target }) => this.stop(target));
  }

  stop(button) {
    for (const former of this.querySelectorAll("[tabindex='0']")) former.tabIndex = -1;
    button.tabIndex = 0;
  }

  press(event) {
    const [down, right] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] ?? [];
    const cell = event.target.closest("td");
    if (down === undefined || !cell || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    cell.closest("table").rows[cell.parentElement.rowIndex + down]?.cells[cell.cellIndex + right]?.querySelector("button")?.focus();
  }
}
customElements.define("cell-grid", CellGrid);
