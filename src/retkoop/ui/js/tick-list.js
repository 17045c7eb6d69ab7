// A list to tick with the keyboard: Enter ticks as Space does, the arrows go from box to box. A tick that could not be saved shows it.
class TickList extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", (event) => this.press(event));
    for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) this.addEventListener(name, ({ target }) => this.putBack(target));
  }

  press(event) {
    const box = event.target;
    if (!box.matches("input[type=checkbox]") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") box.click();
    else if (event.key === "ArrowDown") this.step(box, 1);
    else if (event.key === "ArrowUp") this.step(box, -1);
    else return;
    event.preventDefault();
  }

  step(box, by) {
    const boxes = [...this.querySelectorAll("input[type=checkbox]")];
    boxes[boxes.indexOf(box) + by]?.focus();
  }

  putBack(box) {
    if (box.matches("input[type=checkbox]")) box.checked = box.defaultChecked;
  }
}
customElements.define("tick-list", TickList);
