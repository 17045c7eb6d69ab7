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
