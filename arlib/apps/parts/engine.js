globalThis.arlibVega ??= (() => {
  const later = {};
  later.promise = new Promise((resolve) => (later.resolve = resolve));
  return later;
})();
globalThis.arlibVega.resolve(vegaEmbed);
export default { render() {} };
