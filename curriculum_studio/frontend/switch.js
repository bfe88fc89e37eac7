// A language's link keeps the place: it leads to the part of the other page that is being read on this one.
for (const link of document.querySelectorAll("a[hreflang]")) {
  link.addEventListener("click", () => {
    const read = [...document.querySelectorAll("main .part[id]")].filter((part) => part.getBoundingClientRect().top < innerHeight / 3);
    link.hash = read.length ? read[read.length - 1].id : "";
  });
}
