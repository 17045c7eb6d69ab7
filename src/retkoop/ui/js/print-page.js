// A button that prints the page in sight.
document.addEventListener("click", (event) => { if (event.target.closest?.("[data-print]")) print(); });
