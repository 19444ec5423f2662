// The code of an invitation stands behind the # of its link, which browsers never send. It goes from there into
// the form, out of the address, and to the house in the body of a request.
const form = document.querySelector("[data-brings-code]");
const code = location.hash.slice(1);

if (form && code) {
  history.replaceState(null, "", location.pathname);
  form.elements.code.value = code;
  form.requestSubmit();
}
