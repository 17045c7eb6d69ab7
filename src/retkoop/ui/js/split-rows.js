// Rows of a formset that come and go. Numbers are put right after each change; the server's own buttons do it without script.
const NUMBERED = ["name", "id", "for", "aria-describedby", "aria-labelledby", "aria-controls", "aria-activedescendant", "value"];
const CONTROL = "input:not([type=hidden], [hidden]), select:not([hidden]), textarea";

class SplitRows extends HTMLElement {
  connectedCallback() {
    this.rows = this.querySelector("[data-rows]");
    this.addEventListener("click", (event) => this.clicked(event));
    this.addEventListener("keydown", (event) => this.pressed(event));
    this.renumber();
  }

  get prefix() { return this.dataset.prefix; }
  get all() { return [...this.rows.children].filter((row) => row.matches("[data-row]")); }

  clicked(event) {
    const button = event.target.closest("[data-add], [data-remove]");
    if (!button) return;
    event.preventDefault();
    if (button.matches("[data-add]")) this.add();
    else this.remove(button.closest("[data-row]"));
  }

  pressed(event) {
    if (!event.altKey || !["Insert", "Enter", "Delete"].includes(event.key)) return; // many keyboards have no Insert
    event.preventDefault();
    if (event.key !== "Delete") this.add();
    else this.remove(event.target.closest("[data-row]"));
  }

  add() {
    this.rows.append(this.querySelector("template").content.cloneNode(true));
    this.changed(this.all.at(-1));
  }

  remove(row) {
    const { all } = this;
    if (!row || all.length <= Number(this.dataset.least ?? 1)) return;
    const next = all[all.indexOf(row) + 1] ?? all[all.indexOf(row) - 1];
    row.remove();
    this.changed(next);
  }

  changed(row) {
    this.renumber();
    row?.querySelector(CONTROL)?.focus();
    this.dispatchEvent(new CustomEvent("rows-changed", { bubbles: true }));
  }

  renumber() {
    const { all, prefix } = this;
    const number = new RegExp(`(^|\\b|_)${prefix}-(?:\\d+|__prefix__)-`, "g");
    all.forEach((row, index) => {
      for (const element of [row, ...row.querySelectorAll("*")])
        for (const name of NUMBERED) {
          if (name === "value" && !element.matches("[data-remove]")) continue;
          const value = element.getAttribute(name);
          const right = name === "value" ? String(index) : value?.replace(number, `$1${prefix}-${index}-`);
          if (value !== null && right !== value) element.setAttribute(name, right);
        }
    });
    const few = all.length <= Number(this.dataset.least ?? 1);
    for (const button of this.rows.querySelectorAll("[data-remove]")) button.disabled = few;
    const total = this.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);
    if (total) total.value = all.length;
  }
}
customElements.define("split-rows", SplitRows);

// What is left of the split, shown in the amount that is not typed yet: `data-name`, `data-amount`.
class SplitRest extends HTMLElement {
  connectedCallback() {
    for (const field of this.closest("split-rows")?.querySelectorAll('[name$="-amount"]') ?? [])
      field.placeholder = field.name === this.dataset.name ? this.dataset.amount : "";
  }
}
customElements.define("split-rest", SplitRest);
