// Rows to tick: how many are, all that are shown at once, and a run of them with Shift. The bar below acts on those alone.
class RowChoice extends HTMLElement {
  connectedCallback() {
    this.last = null;
    this.addEventListener("click", (event) => this.press(event));
    this.addEventListener("change", () => this.tell());
    this.restored = () => this.tell(); // the browser ticks again what was ticked, after a step back
    window.addEventListener("pageshow", this.restored);
    this.tell();
  }

  disconnectedCallback() {
    window.removeEventListener("pageshow", this.restored);
  }

  get boxes() {
    return [...this.querySelectorAll("input[type=checkbox][name=rne]")];
  }

  press(event) {
    const all = event.target.closest("[data-all]");
    if (all && this.querySelector(".rest")) return; // not all are here yet: the address shows and ticks them
    if (all) {
      event.preventDefault();
      const boxes = this.boxes, tick = boxes.some((box) => !box.checked);
      for (const box of boxes) box.checked = tick;
      this.tell();
      all.focus(); // from the key that presses it, the actions are one Tab further
    } else if (event.target.matches("input[name=rne]")) {
      if (event.shiftKey && this.last) this.run(event.target);
      this.last = event.target;
    }
  }

  run(box) {
    const boxes = this.boxes, [first, last] = [boxes.indexOf(this.last), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const one of boxes.slice(first, last + 1)) one.checked = box.checked;
    this.tell();
  }

  tell() {
    const count = this.boxes.filter((box) => box.checked).length;
    this.querySelector("[data-count]").textContent = count;
    for (const button of this.querySelectorAll(".bulk button")) button.disabled = !count;
  }
}
customElements.define("row-choice", RowChoice);
