// The value of a range, said beside it while it moves.

export function watchRanges(root = document) {
  root.addEventListener("input", (event) => {
    const input = event.target;
    if (input.type !== "range") return;
    const output = input.form?.querySelector(`output[for="${CSS.escape(input.id)}"]`);
    if (output) output.value = input.value;
  });
}
