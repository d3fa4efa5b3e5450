// Forms that send themselves when a choice changes, times that stay fresh, and details that fill a field.
export const startForms = () => {
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-auto]");
    if (form) form.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    const filler = event.target.closest("[data-fill]");
    if (!filler) return;
    const field = document.querySelector(filler.dataset.into);
    if (field) {
      field.value = filler.dataset.fill;
      field.focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
};
