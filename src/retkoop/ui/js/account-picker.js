// A <select> that is searched by words or by number: the combobox of the WAI-ARIA practices, with automatic selection.
// The <select> stays the form's field: without script it is simply used as it is. Words that lead nowhere are sent beside it
// (`…_typed`), for the server to refuse and keep; it gives them back in `data-typed`.

/** The form in which words are compared: lower case, no accents, letters and digits alone (as the server's own search). */
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("œ", "oe").replaceAll("æ", "ae")
  .replace(/[^\p{L}\p{N}]+/gu, " ").trim();

const singular = (word) => (word.length > 3 && /[sx]$/.test(word) ? word.slice(0, -1) : word);
const startWords = (starts, words) => starts.every((start) => words.some((word) => word.startsWith(start)));

/** As the server ranks (domain/chart.py): the number first, then the label, then the examples, each as typed before its singular. */
const rank = (item, wanted) => {
  if (wanted.length === 1 && (item.key.startsWith(wanted[0]) || item.value.startsWith(wanted[0]))) return 0;
  const one = wanted.map(singular);
  const grade = [[wanted, item.label], [one, item.label], [wanted, item.all], [one, item.all]].findIndex(([starts, words]) => startWords(starts, words));
  return grade < 0 ? Infinity : grade + 1;
};

const make = (tag, attributes, text = "") => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
};

class AccountPicker extends HTMLElement {
  connectedCallback() {
    this.select = this.querySelector("select");
    if (!this.select || this.input) return;
    this.items = [...this.select.options].filter((option) => option.value).map((option) => {
      const { key = "", words = "" } = option.dataset;
      const text = option.text.trim();
      const name = key ? text.replace(/^\S+ · /, "") : text;
      return { value: option.value, name, key: key.toLowerCase(), label: fold(name).split(" "), all: fold(`${name} ${words}`).split(" "), words };
    });
    this.unknown = this.select.dataset.typed ?? "";
    this.build();
    this.show();
    this.select.addEventListener("change", () => this.show());
    this.select.form?.addEventListener("reset", () => setTimeout(() => { this.unknown = ""; this.show(); }));
  }

  build() {
    const { select } = this;
    const id = select.id || `picker-${Math.random().toString(36).slice(2)}`;
    this.input = make("input", { type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-expanded": "false",
      "aria-autocomplete": "list", "aria-controls": `${id}_list`, class: `picker-input ${select.className}`, placeholder: "Un mot ou un numéro" });
    this.list = make("div", { id: `${id}_list`, role: "listbox", class: "picker-list", "aria-label": "Propositions" });
    this.list.hidden = true;
    for (const name of ["aria-describedby", "aria-invalid", "aria-label", "autofocus", "disabled"])
      if (select.hasAttribute(name)) this.input.setAttribute(name, select.getAttribute(name));
    if (select.required) this.input.setAttribute("aria-required", "true");
    select.required = false; // the browser cannot point at a hidden field: the server says it beside this one
    select.removeAttribute("id");
    this.input.id = id;
    select.hidden = true;
    this.append(this.input, this.list);
    this.input.addEventListener("input", () => this.open(this.input.value));
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.input.addEventListener("change", (event) => event.stopPropagation()); // the <select> says it, once
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("click", () => this.isOpen || this.open(""));
    this.input.addEventListener("blur", () => this.leave());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the cursor stays in the field
    this.list.addEventListener("click", (event) => this.choose(event.target.closest("[role=option]")));
  }

  get isOpen() { return !this.list.hidden; }
  get active() { return this.list.querySelector("[aria-selected=true]"); }

  /** Write what the <select> holds, or the words that lead nowhere. */
  show() {
    if (this.select.value) this.unknown = "";
    if (this.unknown) this.input.name = `${this.select.name}_typed`; // words still being typed are not sent
    else this.input.removeAttribute("name");
    this.input.value = this.select.value ? this.select.selectedOptions[0].text.trim() : this.unknown;
    this.close();
  }

  open(typed) {
    const wanted = fold(typed).split(" ").filter(Boolean);
    const found = this.items.map((item) => [rank(item, wanted), item]).filter(([place]) => place < Infinity).sort(([a], [b]) => a - b);
    this.list.replaceChildren(...found.map(([, item], index) => this.option(item, index)));
    if (!found.length) this.list.append(make("p", { class: "picker-none", role: "option", "aria-disabled": "true" }, "Rien ne correspond. Essayez un autre mot."));
    this.list.hidden = false;
    this.list.classList.remove("picker-list--end");
    this.list.classList.toggle("picker-list--end", this.list.getBoundingClientRect().right > document.documentElement.clientWidth - 8);
    this.input.setAttribute("aria-expanded", "true");
    const current = wanted.length ? null : this.list.querySelector(`[data-value="${CSS.escape(this.select.value)}"]`);
    this.activate(current ?? (wanted.length ? this.list.querySelector("[data-value]") : null));
  }

  option(item, index) {
    const option = make("div", { role: "option", id: `${this.input.id}_option_${index}`, class: "picker-option", "data-value": item.value, "aria-selected": "false" });
    option.append(make("span", { class: "picker-key" }, item.key), make("span", {}, item.name));
    if (item.words) option.append(make("span", { class: "small" }, item.words));
    return option;
  }

  activate(option) {
    this.active?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  choose(option) {
    if (!option?.dataset.value) return;
    this.set(option.dataset.value);
    this.show();
  }

  set(value, unknown = "") {
    if (this.select.value === value && this.unknown === unknown) return;
    this.select.value = value;
    this.unknown = unknown;
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Leaving takes the proposal in sight; words that lead nowhere stay written, and choose nothing. */
  leave() {
    const typed = this.input.value.trim();
    if (this.isOpen && typed && this.active) this.choose(this.active);
    else if (!typed) this.set("");
    else if (this.isOpen && !this.list.querySelector("[data-value]")) this.set("", typed);
    this.close();
  }

  pressed(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      event.preventDefault();
      if (this.isOpen) this.move(steps[event.key]);
      else this.open("");
    } else if (event.key === "Enter" && this.isOpen) {
      event.preventDefault();
      this.leave();
    } else if (event.key === "Escape" && this.isOpen) {
      event.preventDefault();
      this.show();
    }
  }

  move(step) {
    const options = [...this.list.querySelectorAll("[data-value]")];
    const from = this.active ? options.indexOf(this.active) : step > 0 ? -1 : 0;
    this.activate(options.at((from + step) % options.length));
  }
}
customElements.define("account-picker", AccountPicker);
