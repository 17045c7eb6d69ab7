// One-key shortcuts: a key follows, presses or focuses whatever carries data-key-for (focuses a field, or a place of tabindex -1). Never while typing; can be switched off.
const OFF = "shortcuts-off";
const isTyping = (element) => element.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit])");

class ShortcutKeys extends HTMLElement {
  connectedCallback() {
    const off = this.querySelector("[data-shortcuts-off]");
    off.checked = localStorage.getItem(OFF) === "1";
    off.addEventListener("change", () => localStorage.setItem(OFF, off.checked ? "1" : "0"));
    this.pressed = (event) => { if (!off.checked && this.applies(event)) this.act(event); };
    document.addEventListener("keydown", this.pressed);
  }

  disconnectedCallback() { document.removeEventListener("keydown", this.pressed); }

  applies({ ctrlKey, metaKey, altKey, repeat, defaultPrevented, target }) {
    return !ctrlKey && !metaKey && !altKey && !repeat && !defaultPrevented && target instanceof Element && !isTyping(target);
  }

  act(event) {
    const card = this.querySelector("[popover]");
    const element = event.key === "?" ? card : document.querySelector(`[data-key-for="${CSS.escape(event.key)}"]`);
    if (!element) return;
    event.preventDefault();
    if (element === card) card.togglePopover();
    else if (isTyping(element) || element.getAttribute("tabindex") === "-1") { element.focus(); element.select?.(); }
    else element.click();
  }
}
customElements.define("shortcut-keys", ShortcutKeys);
