// A line of tabs longer than a phone: it begins with the current one in sight.
class TabLine extends HTMLElement {
  connectedCallback() {
    const line = this.querySelector(".tabs"), current = line?.querySelector("[aria-current]");
    if (!current) return;
    const { left, width } = current.getBoundingClientRect();
    line.scrollLeft += left - line.getBoundingClientRect().left - (line.clientWidth - width) / 2;
  }
}
customElements.define("tab-line", TabLine);
