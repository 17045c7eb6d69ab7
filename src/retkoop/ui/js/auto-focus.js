// Brings the cursor where the work goes on: the first wrong field, else the one that the address names, else the one that asks for it.
class AutoFocus extends HTMLElement {
  connectedCallback() {
    const arriving = document.readyState !== "complete"; // later on, the address says where one came in, no more
    queueMicrotask(() => { // once the elements inside have built themselves
      const named = arriving && location.hash ? document.getElementById(location.hash.slice(1)) : null;
      const asks = matchMedia("(hover: none)").matches ? null : this.querySelector("[autofocus]:not([hidden])"); // no keyboard springs up on a phone
      const field = this.querySelector("[aria-invalid=true]:not([hidden])") ?? (named ? this.querySelector(`#${CSS.escape(named.id)}:not([hidden])`) : asks);
      this.querySelectorAll("[autofocus]").forEach((other) => other.removeAttribute("autofocus")); // htmx would bring the cursor there again
      field?.focus();
      if (field?.matches("input")) field.select();
    });
  }
}
customElements.define("auto-focus", AutoFocus);

// A form that was refused, where no <auto-focus> has brought the cursor anywhere: it may stand far below, and be one of several.
queueMicrotask(() => {
  const wrong = [...document.querySelectorAll("main form [aria-invalid=true]")].find((field) => field.checkVisibility()) ?? document.querySelector("main form > .notice--bad[role=alert]");
  if (!wrong || document.activeElement !== document.body) return;
  if (wrong.matches(".notice")) wrong.tabIndex = -1;
  wrong.focus();
  if (wrong.matches("input[type=text]")) wrong.select();
});
