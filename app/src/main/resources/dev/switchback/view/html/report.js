"use strict";
// Only opens and closes; without it every step opens by itself.
(() => {
  const steps = Array.from(document.querySelectorAll("details"));
  const first = document.querySelector("#runbook .note");
  if (first) {
    const button = document.createElement("button");
    const label = () => {
      button.textContent = steps.every((step) => step.open) ? "Close every step" : "Open every step";
    };
    button.type = "button";
    button.className = "all";
    button.addEventListener("click", () => {
      const open = !steps.every((step) => step.open);
      steps.forEach((step) => { step.open = open; });
      label();
    });
    label();
    first.after(button);
  }
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = steps.filter((step) => !step.open);
    closed.forEach((step) => { step.open = true; });
  });
  addEventListener("afterprint", () => {
    closed.forEach((step) => { step.open = false; });
  });
})();
