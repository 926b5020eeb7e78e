// Wagtail's list of pages says nothing when a new order is refused, and leaves the row where it was dropped: load the
// list again, which shows the true order and the reason.
window.addEventListener("unhandledrejection", (event) => {
  if (String(event.reason?.message).endsWith("Status: 409")) window.location.reload();
});
